/**
 * Aggregates that add up row by row. Each keeps a few numbers a group in one array, so that a level of groups is
 * one allocation; `merge` makes a parent from its children without looking at rows again.
 *
 * Inner loops assert that typed arrays hold what they index, which runs at the speed of memory (see
 * `regroup.bench.ts`).
 */
export interface AggregateRecord {
  /** A group's numbers before any value. */
  readonly empty: readonly number[];
  /** `value` is never NaN: empty values are left out. */
  add(state: Float64Array, at: number, value: number): void;
  /** `add` for `rows[from .. to]` of a group that is empty so far; written out, as a call a row costs most. */
  addRows(
    state: Float64Array,
    at: number,
    values: Float64Array,
    rows: Int32Array,
    from: number,
    to: number,
  ): void;
  merge(state: Float64Array, at: number, from: Float64Array, fromAt: number): void;
  /** NaN where no value was added. */
  value(state: Float64Array, at: number): number;
}

const get = (state: Float64Array, at: number): number => state[at] ?? 0;

/** Neumaier's compensated sum: the order of rows does not show in the result. Slots: sum, lost part, count. */
export const sum: AggregateRecord = {
  empty: [0, 0, 0],
  add(state, at, value) {
    addTo(state, at, value);
    state[at + 2] = get(state, at + 2) + 1;
  },
  addRows(state, at, values, rows, from, to) {
    let total = 0;
    let lost = 0;
    let count = 0;
    for (let index = from; index < to; index++) {
      const value = values[rows[index] as number] as number;
      if (Number.isNaN(value)) continue;
      const after = total + value;
      lost += Math.abs(total) >= Math.abs(value) ? total - after + value : value - after + total;
      total = after;
      count++;
    }
    state[at] = total;
    state[at + 1] = lost;
    state[at + 2] = count;
  },
  merge(state, at, from, fromAt) {
    addTo(state, at, get(from, fromAt));
    state[at + 1] = get(state, at + 1) + get(from, fromAt + 1);
    state[at + 2] = get(state, at + 2) + get(from, fromAt + 2);
  },
  value(state, at) {
    return get(state, at + 2) === 0 ? Number.NaN : get(state, at) + get(state, at + 1);
  },
};

function addTo(state: Float64Array, at: number, value: number): void {
  const before = get(state, at);
  const after = before + value;
  const lost = Math.abs(before) >= Math.abs(value) ? before - after + value : value - after + before;
  state[at] = after;
  state[at + 1] = get(state, at + 1) + lost;
}

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
  addRows(state, at, values, rows, from, to) {
    let least = Number.POSITIVE_INFINITY;
    let most = Number.NEGATIVE_INFINITY;
    for (let index = from; index < to; index++) {
      const value = values[rows[index] as number] as number;
      if (value < least) least = value;
      if (value > most) most = value;
    }
    state[at] = least;
    state[at + 1] = most;
  },
  merge(state, at, from, fromAt) {
    state[at] = Math.min(get(state, at), get(from, fromAt));
    state[at + 1] = Math.max(get(state, at + 1), get(from, fromAt + 1));
  },
  value(state, at) {
    return get(state, at + 1) < get(state, at) ? Number.NaN : get(state, at + 1) - get(state, at);
  },
};

export const minimum: AggregateRecord = {
  ...range,
  value(state, at) {
    return get(state, at + 1) < get(state, at) ? Number.NaN : get(state, at);
  },
};

export const maximum: AggregateRecord = {
  ...range,
  value(state, at) {
    return get(state, at + 1) < get(state, at) ? Number.NaN : get(state, at + 1);
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
  addRows(state, at, values, rows, from, to) {
    for (let index = from; index < to; index++) {
      const value = values[rows[index] as number] as number;
      if (!Number.isNaN(value)) standardDeviation.add(state, at, value);
    }
  },
  merge(state, at, from, fromAt) {
    const left = get(state, at);
    const right = get(from, fromAt);
    if (right === 0) return;
    const count = left + right;
    const difference = get(from, fromAt + 1) - get(state, at + 1);
    state[at] = count;
    state[at + 1] = get(state, at + 1) + (difference * right) / count;
    state[at + 2] =
      get(state, at + 2) + get(from, fromAt + 2) + (difference * difference * left * right) / count;
  },
  value(state, at) {
    const count = get(state, at);
    return count < 2 ? Number.NaN : Math.sqrt(get(state, at + 2) / (count - 1));
  },
};

/** How many values are not empty. */
export const filled: AggregateRecord = {
  empty: [0],
  add(state, at) {
    state[at] = get(state, at) + 1;
  },
  addRows(state, at, values, rows, from, to) {
    let count = 0;
    for (let index = from; index < to; index++) {
      const value = values[rows[index] as number] as number;
      if (!Number.isNaN(value)) count++;
    }
    state[at] = count;
  },
  merge(state, at, from, fromAt) {
    state[at] = get(state, at) + get(from, fromAt);
  },
  value(state, at) {
    return get(state, at);
  },
};
