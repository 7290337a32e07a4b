import type { Formula } from '../../definition';
import { isPlainName } from './names';
import { parse } from './parse';
import { type Expression, ExpressionInvalid, partsOf } from './syntax';

/** The ids of all fields that formulas read, by themselves or through others; of one that does not parse, none. */
export function fieldsOfFormulas(used: readonly string[], formulas: readonly Formula[]): readonly string[] {
  const byId = new Map(formulas.map((formula) => [formula.id, formula]));
  const pending = new Set(used);
  const fields = new Set<string>();
  for (const id of pending) {
    const expression = parsed(byId.get(id)?.expression ?? '');
    for (const part of expression ? partsOf(expression) : []) {
      if (part.kind === 'name' && byId.has(part.id)) pending.add(part.id);
      else if (part.kind === 'field' || (part.kind === 'name' && isPlainName(part.id))) fields.add(part.id);
    }
  }
  return [...fields];
}

function parsed(text: string): Expression | undefined {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof ExpressionInvalid) return undefined;
    throw error;
  }
}
