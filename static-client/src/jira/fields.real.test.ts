import { describe, expect, test } from 'vitest';
import known from '../../../core/definition/fields.json';
import { CUSTOM_TYPES, SYSTEM_FIELDS } from '../../tests/expected-kinds';
import { readText, realFile } from '../../tests/real-data';
import type { FieldKind, FieldMetadata } from '../engine/protocol';
import { fieldMetadata } from './fields';

interface RawField {
  readonly id: string;
  readonly schema?: { readonly type: string; readonly custom?: string };
}

type Told = Pick<FieldMetadata, 'kind' | 'multiple'>;

/** What is expected of each line: a name, followed by ` +` where it has several values. */
function expectations(names: typeof CUSTOM_TYPES): ReadonlyMap<string, Told> {
  const lines = Object.entries(names).flatMap(([kind, text]) =>
    text
      .trim()
      .split(/\n\s*/)
      .map((line) => ({ line, kind: kind as FieldKind })),
  );
  return new Map(
    lines.map(({ line, kind }) => [line.replace(' +', ''), { kind, multiple: line.endsWith(' +') }]),
  );
}

const path = realFile('REAL_FIELDS');

describe.skipIf(path === undefined)('2,407 fields of 14 public sites', () => {
  const sites: Record<string, RawField[]> = path ? JSON.parse(readText(path)) : {};
  const fields = Object.values(sites).flat();
  const system = expectations(SYSTEM_FIELDS);
  const custom = expectations(CUSTOM_TYPES);

  function expected({ id, schema }: RawField): Told | undefined {
    const key = schema?.custom;
    return key === undefined ? system.get(id) : (custom.get(key) ?? custom.get(`${key} ${schema?.type}`));
  }

  test('are what people who know them would call them', () => {
    const wrong = fields.flatMap((field) => {
      const [found] = fieldMetadata([field]);
      const told = found && { kind: found.kind, multiple: found.multiple };
      const wanted = expected(field);
      const right = told && wanted && told.kind === wanted.kind && told.multiple === wanted.multiple;
      return right ? [] : [{ id: field.id, schema: field.schema, told, wanted }];
    });
    expect(wrong).toEqual([]);
    expect(fields).toHaveLength(2407);
  });

  test('are to the server, where they are Jira’s own, what they are here', () => {
    const own = fields.flatMap((field) => fieldMetadata([field])).filter(({ id }) => id in known);
    for (const { id, kind, multiple } of own) {
      expect({ id, multiple: false, ...known[id as keyof typeof known] }).toEqual({ id, kind, multiple });
    }
    expect(new Set(own.map(({ id }) => id)).size).toBeGreaterThan(40);
  });

  test('are seldom of a type that nobody knows', () => {
    const unknown = fields
      .flatMap((field) => fieldMetadata([field]))
      .filter(({ kind }) => kind === 'unknown');
    expect(unknown.length / fields.length).toBeLessThan(0.1);
  });
});
