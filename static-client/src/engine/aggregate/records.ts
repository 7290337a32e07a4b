/**
 * Aggregates that add up row by row. Each keeps `slots` numbers a group in one array, so that a level of
 * groups is one allocation; `merge` makes a parent from its children without looking at rows again.
 */
export interface AggregateRecord {
  readonly slots: number;
  init(state: Float64Array, at: number): void;
  /** `value` is never NaN: empty values are left out. */
  add(state: Float64Array, at: number, value: number): void;
  merge(state: Float64Array, at: number, from: Float64Array, fromAt: number): void;
  /** NaN where no value was added. */
  value(state: Float64Array, at: number): number;
}

const get = (state: Float64Array, at: number): number => state[at] ?? 0;

/** Neumaier's compensated sum: the order of rows does not show in the result. Slots: sum, lost part, count. */
export const sum: AggregateRecord = {
  slots: 3,
  init(state, at) {
    state.fill(0, at, at + 3);
  },
  add(state, at, value) {
    addTo(state, at, value);
    state[at + 2] = get(state, at + 2) + 1;
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

export const minimum: AggregateRecord = {
  slots: 1,
  init(state, at) {
    state[at] = Number.POSITIVE_INFINITY;
  },
  add(state, at, value) {
    if (value < get(state, at)) state[at] = value;
  },
  merge(state, at, from, fromAt) {
    minimum.add(state, at, get(from, fromAt));
  },
  value(state, at) {
    const least = get(state, at);
    return least === Number.POSITIVE_INFINITY ? Number.NaN : least;
  },
};

export const maximum: AggregateRecord = {
  slots: 1,
  init(state, at) {
    state[at] = Number.NEGATIVE_INFINITY;
  },
  add(state, at, value) {
    if (value > get(state, at)) state[at] = value;
  },
  merge(state, at, from, fromAt) {
    maximum.add(state, at, get(from, fromAt));
  },
  value(state, at) {
    const most = get(state, at);
    return most === Number.NEGATIVE_INFINITY ? Number.NaN : most;
  },
};

/** Slots: least, most. */
export const range: AggregateRecord = {
  slots: 2,
  init(state, at) {
    minimum.init(state, at);
    maximum.init(state, at + 1);
  },
  add(state, at, value) {
    minimum.add(state, at, value);
    maximum.add(state, at + 1, value);
  },
  merge(state, at, from, fromAt) {
    minimum.merge(state, at, from, fromAt);
    maximum.merge(state, at + 1, from, fromAt + 1);
  },
  value(state, at) {
    return maximum.value(state, at + 1) - minimum.value(state, at);
  },
};

/** The sample's, by Welford and Chan. Slots: count, mean, sum of squared differences. */
export const standardDeviation: AggregateRecord = {
  slots: 3,
  init(state, at) {
    state.fill(0, at, at + 3);
  },
  add(state, at, value) {
    const count = get(state, at) + 1;
    const difference = value - get(state, at + 1);
    const mean = get(state, at + 1) + difference / count;
    state[at] = count;
    state[at + 1] = mean;
    state[at + 2] = get(state, at + 2) + difference * (value - mean);
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
  slots: 1,
  init(state, at) {
    state[at] = 0;
  },
  add(state, at) {
    state[at] = get(state, at) + 1;
  },
  merge(state, at, from, fromAt) {
    state[at] = get(state, at) + get(from, fromAt);
  },
  value(state, at) {
    return get(state, at);
  },
};
