/**
 * Aggregates that add up row by row. Each keeps a few numbers a group in one array, so that a level of groups is
 * one allocation. Whole levels are added and merged at once, as a call a row, or a group, would cost most.
 *
 * Inner loops assert that typed arrays hold what they index, which runs at the speed of memory (see
 * `regroup.bench.ts`).
 */
export interface AggregateRecord {
  /** A group's numbers before any value. */
  readonly empty: readonly number[];
  /** `value` is never NaN: empty values are left out. */
  add(state: Float64Array, at: number, value: number): void;
  /** `add` for every row of groups that are empty so far: group `g` holds `rows[starts[g] .. starts[g + 1]]`. */
  addGroups(state: Float64Array, values: Float64Array, rows: Int32Array, starts: Int32Array): void;
  /** Adds what `from` holds of each child to the child's parent. */
  mergeGroups(state: Float64Array, from: Float64Array, parents: Int32Array): void;
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
  addGroups(state, values, rows, starts) {
    for (let group = 0; group + 1 < starts.length; group++) {
      let total = 0;
      let lost = 0;
      let count = 0;
      const end = starts[group + 1] as number;
      for (let at = starts[group] as number; at < end; at++) {
        const value = values[rows[at] as number] as number;
        if (Number.isNaN(value)) continue;
        const after = total + value;
        lost += Math.abs(total) >= Math.abs(value) ? total - after + value : value - after + total;
        total = after;
        count++;
      }
      state[group * 3] = total;
      state[group * 3 + 1] = lost;
      state[group * 3 + 2] = count;
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
  addGroups(state, values, rows, starts) {
    for (let group = 0; group + 1 < starts.length; group++) {
      let least = Number.POSITIVE_INFINITY;
      let most = Number.NEGATIVE_INFINITY;
      const end = starts[group + 1] as number;
      for (let at = starts[group] as number; at < end; at++) {
        const value = values[rows[at] as number] as number;
        if (value < least) least = value;
        if (value > most) most = value;
      }
      state[group * 2] = least;
      state[group * 2 + 1] = most;
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
  addGroups(state, values, rows, starts) {
    for (let group = 0; group + 1 < starts.length; group++) {
      const end = starts[group + 1] as number;
      for (let at = starts[group] as number; at < end; at++) {
        const value = values[rows[at] as number] as number;
        if (!Number.isNaN(value)) standardDeviation.add(state, group * 3, value);
      }
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
  addGroups(state, values, rows, starts) {
    for (let group = 0; group + 1 < starts.length; group++) {
      let count = 0;
      const end = starts[group + 1] as number;
      for (let at = starts[group] as number; at < end; at++) {
        if (!Number.isNaN(values[rows[at] as number] as number)) count++;
      }
      state[group] = count;
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
