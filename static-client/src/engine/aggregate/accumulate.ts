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
    else if (below?.whole && belowState) mergeUp(record, below, belowState, state);
    else addRows(record, values, level, state);
    states.unshift(state);
  }
  return states;
}

function newState(record: AggregateRecord, level: Level): Float64Array {
  const state = new Float64Array(groupCount(level) * record.slots);
  for (let group = 0; group < groupCount(level); group++) record.init(state, group * record.slots);
  return state;
}

function mergeUp(record: AggregateRecord, below: Level, from: Float64Array, state: Float64Array): void {
  const { parents } = below;
  for (let child = 0; child < parents.length; child++) {
    record.merge(state, (parents[child] ?? 0) * record.slots, from, child * record.slots);
  }
}

function addRows(record: AggregateRecord, values: Float64Array, level: Level, state: Float64Array): void {
  const { rows, starts } = level;
  for (let group = 0; group < groupCount(level); group++) {
    const slot = group * record.slots;
    const end = starts[group + 1] ?? 0;
    for (let at = starts[group] ?? 0; at < end; at++) {
      const value = values[rows[at] ?? 0] ?? Number.NaN;
      if (!Number.isNaN(value)) record.add(state, slot, value);
    }
  }
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
      if (!held && !Number.isNaN(value)) record.add(state, group * record.slots, value);
    }
  }
}
