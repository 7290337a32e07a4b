import { groupCount, type Level } from '../group/level';
import type { AggregateRecord } from './records';

/**
 * One state a group for every level, outermost first. A level whose children hold each of its rows exactly
 * once merges their states; one above a field with several values, or below a hidden group, adds up its own
 * distinct rows.
 *
 * `parentRows`, for fields that include sub-tasks, gives the row of a sub-task's parent or -1.
 */
export function accumulate(
  record: AggregateRecord,
  values: Float64Array,
  levels: readonly Level[],
  parentRows?: Int32Array,
): readonly Float64Array[] {
  const states: Float64Array[] = [];
  for (let depth = levels.length - 1; depth >= 0; depth--) {
    const level = levels[depth];
    const below = levels[depth + 1];
    const belowState = states[0];
    if (!level) continue;
    const state = newState(record, level);
    if (parentRows) addWithoutRepeats(record, values, level, state, parentRows);
    else if (below?.whole && belowState) record.mergeGroups(state, belowState, below.parents);
    else record.addEntries(state, values, level);
    states.unshift(state);
  }
  return states;
}

function newState(record: AggregateRecord, level: Level): Float64Array {
  const { empty } = record;
  const state = new Float64Array(groupCount(level) * empty.length);
  if (empty.every((slot) => slot === 0)) return state;
  if (empty.length === 1) return state.fill(empty[0] ?? 0);
  for (let at = 0; at < state.length; at++) state[at] = empty[at % empty.length] ?? 0;
  return state;
}

/**
 * For fields that include sub-tasks (Σ): a parent's value holds its sub-tasks' already, so where both stand in
 * a group, only the parent's is added.
 */
function addWithoutRepeats(
  record: AggregateRecord,
  values: Float64Array,
  level: Level,
  state: Float64Array,
  parentRows: Int32Array,
): void {
  const { rows, starts } = level;
  const present = new Int32Array(values.length).fill(-1);
  for (let group = 0; group < groupCount(level); group++) {
    const members = rows.subarray(starts[group] ?? 0, starts[group + 1] ?? 0);
    for (const row of members) present[row] = group;
    for (const row of members) {
      const parent = parentRows[row] ?? -1;
      const held = parent >= 0 && present[parent] === group && !Number.isNaN(values[parent]);
      const value = values[row] ?? Number.NaN;
      if (!held && !Number.isNaN(value)) record.add(state, group * record.empty.length, value);
    }
  }
}
