/** The order of rows under several rules, by stable counting sorts from the least rule to the first. */

/** A row's place under one rule: 0 is empty, ranks ascend. */
export interface RowRanks {
  readonly of: Int32Array;
  readonly size: number;
}

export interface RowRule {
  readonly ranks: RowRanks;
  readonly descending: boolean;
}

/** Rows of equal rank keep their order; rows without a value come last in either direction. */
export function sortRows(rows: Int32Array, rules: readonly RowRule[]): Int32Array {
  return rules.reduceRight((sorted, rule) => countingSort(sorted, rule), rows);
}

function countingSort(rows: Int32Array, { ranks, descending }: RowRule): Int32Array {
  const { of } = ranks;
  const next = startsOfRanks(rows, ranks, descending);
  const sorted = new Int32Array(rows.length);
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] as number;
    sorted[(next[of[row] as number] as number)++] = row;
  }
  return sorted;
}

/** Where each rank's rows begin. */
function startsOfRanks(rows: Int32Array, { of, size }: RowRanks, descending: boolean): Int32Array {
  const next = new Int32Array(size);
  for (let at = 0; at < rows.length; at++) (next[of[rows[at] as number] as number] as number)++;
  let start = 0;
  for (let place = 1; place <= size; place++) {
    const rank = place === size ? 0 : descending ? size - place : place;
    const count = next[rank] as number;
    next[rank] = start;
    start += count;
  }
  return next;
}

/** Numbers as dense ranks, so that they sort as codes do; NaN is empty. */
export function rankNumbers(values: Float64Array): RowRanks {
  const distinct = distinctSorted(values);
  const of = new Int32Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    if (!Number.isNaN(value)) of[row] = countUpTo(distinct, value);
  }
  return { of, size: distinct.length + 1 };
}

function distinctSorted(values: Float64Array): Float64Array {
  const sorted = values.slice().sort();
  let kept = 0;
  for (let at = 0; at < sorted.length; at++) {
    const value = sorted[at] as number;
    if (Number.isNaN(value)) break;
    if (kept === 0 || value !== sorted[kept - 1]) sorted[kept++] = value;
  }
  return sorted.slice(0, kept);
}

/** How many of the sorted numbers are at most `value`. */
function countUpTo(sorted: Float64Array, value: number): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((sorted[middle] as number) <= value) from = middle + 1;
    else to = middle;
  }
  return from;
}
