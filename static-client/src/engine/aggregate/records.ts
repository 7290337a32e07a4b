import type { Level } from '../group/level';

type Entries = Pick<Level, 'entries' | 'groupOf'>;

/**
 * Aggregates that add up row by row. Each keeps a few numbers a group in one array, so that a level of groups is
 * one allocation. Whole levels are added and merged at once, as a call a row, or a group, would cost most.
 *
 * Inner loops assert that typed arrays hold what they index, which runs at the speed of memory (see
 * `bench/`).
 */
export interface AggregateRecord {
  /** A group's numbers before any value. */
  readonly empty: readonly number[];
  /** `value` is never NaN: empty values are left out. */
  add(state: Float64Array, at: number, value: number): void;
  /** `add` for every entry of a level, empty values left out. */
  addEntries(state: Float64Array, values: Float64Array, level: Entries): void;
  /** Adds what `from` holds of each child to the child's parent. */
  mergeGroups(state: Float64Array, from: Float64Array, parents: Int32Array): void;
  /** NaN where no value was added. */
  value(state: Float64Array, at: number): number;
}

const get = (state: Float64Array, at: number): number => state[at] ?? 0;

/** A compensated sum: the order of rows does not show in the result. Slots: sum, lost part, count. */
export const sum: AggregateRecord = {
  empty: [0, 0, 0],
  add(state, at, value) {
    addTo(state, at, value);
    state[at + 2] = get(state, at + 2) + 1;
  },
  addEntries(state, values, { entries, groupOf }) {
    for (let at = 0; at < entries.length; at++) {
      const value = values[entries[at] as number] as number;
      if (Number.isNaN(value)) continue;
      const to = (groupOf[at] as number) * 3;
      addTo(state, to, value);
      (state[to + 2] as number)++;
    }
  },
  mergeGroups(state, from, parents) {
    for (let child = 0; child < parents.length; child++) {
      const at = (parents[child] as number) * 3;
      addTo(state, at, from[child * 3] as number);
      (state[at + 1] as number) += from[child * 3 + 1] as number;
      (state[at + 2] as number) += from[child * 3 + 2] as number;
    }
  },
  value(state, at) {
    return get(state, at + 2) === 0 ? Number.NaN : get(state, at) + get(state, at + 1);
  },
};

/** Knuth's exact error of an addition, which needs no comparison. */
function addTo(state: Float64Array, at: number, value: number): void {
  const before = state[at] as number;
  const after = before + value;
  const added = after - before;
  state[at] = after;
  (state[at + 1] as number) += before - (after - added) + (value - added);
}

/** For values of which every sum is exact (see `addsExactly`). Slots: sum, count. */
export const exactSum: AggregateRecord = {
  empty: [0, 0],
  add(state, at, value) {
    state[at] = get(state, at) + value;
    state[at + 1] = get(state, at + 1) + 1;
  },
  addEntries(state, values, { entries, groupOf }) {
    for (let at = 0; at < entries.length; at++) {
      const value = values[entries[at] as number] as number;
      if (Number.isNaN(value)) continue;
      const to = (groupOf[at] as number) * 2;
      (state[to] as number) += value;
      (state[to + 1] as number)++;
    }
  },
  mergeGroups(state, from, parents) {
    for (let child = 0; child < parents.length; child++) {
      const at = (parents[child] as number) * 2;
      (state[at] as number) += from[child * 2] as number;
      (state[at + 1] as number) += from[child * 2 + 1] as number;
    }
  },
  value(state, at) {
    return get(state, at + 1) === 0 ? Number.NaN : get(state, at);
  },
};

export const exactAverage: AggregateRecord = {
  ...exactSum,
  value(state, at) {
    return exactSum.value(state, at) / get(state, at + 1);
  },
};

export const average: AggregateRecord = {
  ...sum,
  value(state, at) {
    return sum.value(state, at) / get(state, at + 2);
  },
};

/** Slots: least, most. */
export const range: AggregateRecord = {
  empty: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  add(state, at, value) {
    if (value < get(state, at)) state[at] = value;
    if (value > get(state, at + 1)) state[at + 1] = value;
  },
  addEntries(state, values, { entries, groupOf }) {
    for (let at = 0; at < entries.length; at++) {
      const value = values[entries[at] as number] as number;
      const to = (groupOf[at] as number) * 2;
      if (value < (state[to] as number)) state[to] = value;
      if (value > (state[to + 1] as number)) state[to + 1] = value;
    }
  },
  mergeGroups(state, from, parents) {
    for (let child = 0; child < parents.length; child++) {
      const at = (parents[child] as number) * 2;
      if ((from[child * 2] as number) < (state[at] as number)) state[at] = from[child * 2] as number;
      if ((from[child * 2 + 1] as number) > (state[at + 1] as number))
        state[at + 1] = from[child * 2 + 1] as number;
    }
  },
  value(state, at) {
    return get(state, at + 1) < get(state, at) ? Number.NaN : get(state, at + 1) - get(state, at);
  },
};

/** Slot: least. */
export const minimum: AggregateRecord = {
  empty: [Number.POSITIVE_INFINITY],
  add(state, at, value) {
    if (value < get(state, at)) state[at] = value;
  },
  addEntries(state, values, { entries, groupOf }) {
    for (let at = 0; at < entries.length; at++) {
      const value = values[entries[at] as number] as number;
      const to = groupOf[at] as number;
      if (value < (state[to] as number)) state[to] = value;
    }
  },
  mergeGroups(state, from, parents) {
    for (let child = 0; child < parents.length; child++) {
      const at = parents[child] as number;
      if ((from[child] as number) < (state[at] as number)) state[at] = from[child] as number;
    }
  },
  value(state, at) {
    return get(state, at) === Number.POSITIVE_INFINITY ? Number.NaN : get(state, at);
  },
};

/** Slot: most. */
export const maximum: AggregateRecord = {
  empty: [Number.NEGATIVE_INFINITY],
  add(state, at, value) {
    if (value > get(state, at)) state[at] = value;
  },
  addEntries(state, values, { entries, groupOf }) {
    for (let at = 0; at < entries.length; at++) {
      const value = values[entries[at] as number] as number;
      const to = groupOf[at] as number;
      if (value > (state[to] as number)) state[to] = value;
    }
  },
  mergeGroups(state, from, parents) {
    for (let child = 0; child < parents.length; child++) {
      const at = parents[child] as number;
      if ((from[child] as number) > (state[at] as number)) state[at] = from[child] as number;
    }
  },
  value(state, at) {
    return get(state, at) === Number.NEGATIVE_INFINITY ? Number.NaN : get(state, at);
  },
};

/** The sample's, by Welford and Chan. Slots: count, mean, sum of squared differences. */
export const standardDeviation: AggregateRecord = {
  empty: [0, 0, 0],
  add(state, at, value) {
    const count = get(state, at) + 1;
    const difference = value - get(state, at + 1);
    const mean = get(state, at + 1) + difference / count;
    state[at] = count;
    state[at + 1] = mean;
    state[at + 2] = get(state, at + 2) + difference * (value - mean);
  },
  addEntries(state, values, { entries, groupOf }) {
    for (let at = 0; at < entries.length; at++) {
      const value = values[entries[at] as number] as number;
      if (!Number.isNaN(value)) standardDeviation.add(state, (groupOf[at] as number) * 3, value);
    }
  },
  mergeGroups(state, from, parents) {
    for (let child = 0; child < parents.length; child++) {
      mergeSpread(state, (parents[child] as number) * 3, from, child * 3);
    }
  },
  value(state, at) {
    const count = get(state, at);
    return count < 2 ? Number.NaN : Math.sqrt(get(state, at + 2) / (count - 1));
  },
};

function mergeSpread(state: Float64Array, at: number, from: Float64Array, fromAt: number): void {
  const left = get(state, at);
  const right = get(from, fromAt);
  if (right === 0) return;
  const count = left + right;
  const difference = get(from, fromAt + 1) - get(state, at + 1);
  state[at] = count;
  state[at + 1] = get(state, at + 1) + (difference * right) / count;
  state[at + 2] =
    get(state, at + 2) + get(from, fromAt + 2) + (difference * difference * left * right) / count;
}

/** How many values are not empty. */
export const filled: AggregateRecord = {
  empty: [0],
  add(state, at) {
    state[at] = get(state, at) + 1;
  },
  addEntries(state, values, { entries, groupOf }) {
    for (let at = 0; at < entries.length; at++) {
      if (!Number.isNaN(values[entries[at] as number] as number)) (state[groupOf[at] as number] as number)++;
    }
  },
  mergeGroups(state, from, parents) {
    for (let child = 0; child < parents.length; child++) {
      (state[parents[child] as number] as number) += from[child] as number;
    }
  },
  value(state, at) {
    return get(state, at);
  },
};
