import type { Cell, Value } from '../protocol';

/** More values than this are told as a number, as nobody reads them. */
const SHOWN = 50;

/** A cell of many values; those left out are counted in it. */
export function listed<T>(values: readonly T[], show: (value: T) => Value): Cell {
  const shown = values.slice(0, SHOWN).map(show);
  const rest = values.length - shown.length;
  return { values: rest > 0 ? [...shown, { kind: 'text', text: `and ${rest} more` }] : shown };
}
