import type { NumberColumn } from '../column/number-column';
import type { Level } from '../group/level';
import { accumulate } from './accumulate';
import type { AggregateRecord } from './records';

interface Kept {
  readonly adds: AggregateRecord['addEntries'];
  readonly depth: number;
  readonly states: readonly Float64Array[];
}

/** By the innermost level, which a change of groups, filters or issues makes anew. */
const kept = new WeakMap<Level, WeakMap<NumberColumn, Kept[]>>();

/**
 * `accumulate` over a column, remembered for as long as the groups are the same: aggregates that add up alike,
 * such as sum and average, share their states, and another column costs no column its own.
 */
export function statesOf(
  record: AggregateRecord,
  column: NumberColumn,
  levels: readonly Level[],
  parentRows?: Int32Array,
): readonly Float64Array[] {
  const innermost = levels.at(-1);
  if (!innermost || parentRows) return accumulate(record, column.values(), levels, parentRows);
  const found = keptOf(innermost, column);
  const adds = record.addEntries;
  const known = found.find((one) => one.adds === adds && one.depth === levels.length);
  if (known) return known.states;
  const states = accumulate(record, column.values(), levels);
  found.push({ adds, depth: levels.length, states });
  return states;
}

function keptOf(level: Level, column: NumberColumn): Kept[] {
  const columns = kept.get(level) ?? new WeakMap<NumberColumn, Kept[]>();
  kept.set(level, columns);
  const found = columns.get(column) ?? [];
  columns.set(column, found);
  return found;
}
