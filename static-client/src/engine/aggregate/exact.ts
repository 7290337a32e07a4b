import type { NumberColumn } from '../column/number-column';

/** Below this, every whole number is itself as a double. */
const WHOLE = 2 ** 53;

/** Story points of 0.5 and hours of 0.125 are whole in these units. */
const UNITS = 1024;

const known = new WeakMap<NumberColumn, { readonly length: number; readonly exact: boolean }>();

/**
 * Whether sums of a column's values come out exact however they are added, as those of whole seconds do: then
 * no addition needs its error looked at.
 */
export function addsExactly(column: NumberColumn): boolean {
  const last = known.get(column);
  if (last?.length === column.length) return last.exact;
  const exact = areWhole(column.values());
  known.set(column, { length: column.length, exact });
  return exact;
}

function areWhole(values: Float64Array): boolean {
  let total = 0;
  for (let row = 0; row < values.length; row++) {
    const scaled = (values[row] as number) * UNITS;
    if (Number.isNaN(scaled)) continue;
    if (!Number.isInteger(scaled)) return false;
    total += Math.abs(scaled);
  }
  return total < WHOLE;
}
