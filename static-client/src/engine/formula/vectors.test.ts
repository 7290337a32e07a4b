import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import known from '../../../../core/definition/fields.json';
import type { FieldKind } from '../protocol';
import { checkFormulas } from './check';
import { typeOfField } from './field-vector';
import type { Type } from './functions';
import { fieldsOfFormulas } from './needed';
import { parse } from './parse';
import { type Expression, ExpressionInvalid } from './syntax';
import { typeOf } from './types';

interface Single {
  readonly expression: string;
  readonly tree?: unknown;
  readonly fields?: readonly string[];
  readonly type?: string;
  readonly at?: number;
  readonly reason?: string;
}

interface Together {
  readonly formulas: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<string, string>>;
  readonly problems: Readonly<Record<string, string>>;
}

/** Read and not imported: some are nested more deeply than the bundler reads. */
const vectors = JSON.parse(
  readFileSync(new URL('../../../../tests/formula_vectors.json', import.meta.url), 'utf8'),
) as { readonly single: readonly Single[]; readonly together: readonly Together[] };

const kinds = known as Readonly<Record<string, { kind: FieldKind; multiple?: boolean }>>;

/** What the server knows of fields: nothing of custom ones. */
function typeOnServer(id: string): Type {
  const field = Object.hasOwn(kinds, id) ? kinds[id] : undefined;
  if (!field || (field.kind === 'unknown' && !field.multiple)) return 'any';
  return typeOfField({ kind: field.kind, multiple: field.multiple === true });
}

function treeOf(part: Expression): unknown {
  if (part.kind === 'unary') return [part.at, part.operator, treeOf(part.operand)];
  if (part.kind === 'binary') return [part.at, part.operator, treeOf(part.left), treeOf(part.right)];
  if (part.kind === 'call') return [part.at, 'call', part.name, ...part.arguments.map(treeOf)];
  return [part.at, part.kind, 'value' in part ? part.value : part.id];
}

function answer(expression: string): Single {
  let found: Single = { expression };
  try {
    const parsed = parse(expression);
    const fields = [...fieldsOfFormulas([''], [{ id: '', name: '', expression }])].sort();
    found = { expression, tree: treeOf(parsed), fields };
    return { ...found, type: typeOf(parsed, { formulas: new Map(), field: typeOnServer }) };
  } catch (error) {
    if (!(error instanceof ExpressionInvalid)) throw error;
    return { ...found, at: error.at, reason: error.reason };
  }
}

describe('the client and the server make the same of', () => {
  test.each(vectors.single.map((vector) => [vector.expression.slice(0, 80), vector] as const))(
    '%s',
    (_, vector) => {
      expect(answer(vector.expression)).toEqual(vector);
    },
  );

  test.each(vectors.together.map((one) => [one.formulas, one] as const))(
    '%o',
    (_, { formulas, types, problems }) => {
      const list = Object.entries(formulas).map(([id, expression]) => ({ id, name: id, expression }));
      const checked = checkFormulas(list, typeOnServer);
      for (const [id, message] of Object.entries(problems)) {
        expect(checked.problems.get(id)?.message).toBe(message);
      }
      for (const [id, { type }] of checked.sound) expect(types[id]).toBe(type);
      for (const [id, { message }] of checked.problems) {
        if (!(id in problems)) expect(message).toMatch(/goes round in a circle|which cannot be computed/);
      }
    },
  );
});
