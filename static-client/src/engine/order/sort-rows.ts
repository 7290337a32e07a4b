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
  const { of, size } = ranks;
  const starts = new Int32Array(size + 1);
  const place = (rank: number): number => (rank === 0 ? size - 1 : descending ? size - 1 - rank : rank - 1);
  for (const row of rows) {
    const at = place(of[row] ?? 0) + 1;
    starts[at] = (starts[at] ?? 0) + 1;
  }
  for (let at = 1; at <= size; at++) starts[at] = (starts[at] ?? 0) + (starts[at - 1] ?? 0);
  const sorted = new Int32Array(rows.length);
  for (const row of rows) {
    const at = place(of[row] ?? 0);
    const to = starts[at] ?? 0;
    sorted[to] = row;
    starts[at] = to + 1;
  }
  return sorted;
}

/** Numbers as dense ranks, so that they sort as codes do. */
export function rankNumbers(values: Float64Array): RowRanks {
  const distinct = Float64Array.from(new Set(values)).sort();
  const count = Number.isNaN(distinct.at(-1)) ? distinct.length - 1 : distinct.length;
  const ranks = new Map<number, number>();
  for (let at = 0; at < count; at++) ranks.set(distinct[at] ?? 0, at + 1);
  return { of: Int32Array.from(values, (value) => ranks.get(value) ?? 0), size: count + 1 };
}
