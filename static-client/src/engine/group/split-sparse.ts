import type { Level } from './level';
import { borrow } from './working-memory';

/** Rows on their way into groups: a row stands once for each group it belongs to. */
export interface Entries {
  readonly rows: Int32Array;
  /** The parent's index times the number of places, plus the place among its children. */
  readonly keys: Int32Array;
}

/** A level but for what it knows of its coding. */
export type Split = Pick<Level, 'entries' | 'groupOf' | 'starts' | 'codes' | 'parents'>;

/** Splits where a table of all keys would be mostly empty. */
export function splitBySorting(entries: Entries, parentCount: number, codeAt: Int32Array): Split {
  const size = codeAt.length;
  return gather(sortInTwo(entries, size, parentCount), size, codeAt);
}

/** Stable counting sorts, by place and then by parent. */
function sortInTwo(entries: Entries, size: number, parents: number): Entries {
  const places = entries.keys.map((key) => key % size);
  const byPlace = countingSort(entries, places, size, 'keys by place');
  const parentOf = byPlace.keys.map((key) => Math.floor(key / size));
  return countingSort(byPlace, parentOf, parents, 'sorted keys');
}

function countingSort(
  { rows, keys }: Entries,
  by: Int32Array,
  size: number,
  buffer: 'keys by place' | 'sorted keys',
): Entries {
  const starts = borrow('table', size + 1).fill(0);
  for (let at = 0; at < by.length; at++) (starts[(by[at] as number) + 1] as number)++;
  for (let at = 1; at <= size; at++) (starts[at] as number) += starts[at - 1] as number;
  const sortedRows = new Int32Array(rows.length);
  const sortedKeys = borrow(buffer, rows.length);
  for (let at = 0; at < by.length; at++) {
    const to = (starts[by[at] as number] as number)++;
    sortedRows[to] = rows[at] as number;
    sortedKeys[to] = keys[at] as number;
  }
  return { rows: sortedRows, keys: sortedKeys };
}

/** One group for each run of equal keys. */
function gather({ rows, keys }: Entries, size: number, codeAt: Int32Array): Split {
  const groups = countRuns(keys);
  const groupOf = new Int32Array(rows.length);
  const starts = new Int32Array(groups + 1);
  const codes = new Int32Array(groups);
  const parents = new Int32Array(groups);
  let group = -1;
  for (let at = 0; at < rows.length; at++) {
    const key = keys[at] as number;
    if (at === 0 || key !== keys[at - 1]) {
      const parent = Math.floor(key / size);
      starts[++group] = at;
      codes[group] = codeAt[key - parent * size] as number;
      parents[group] = parent;
    }
    groupOf[at] = group;
  }
  starts[groups] = rows.length;
  return { entries: rows, groupOf, starts, codes, parents };
}

function countRuns(keys: Int32Array): number {
  let runs = keys.length > 0 ? 1 : 0;
  for (let at = 1; at < keys.length; at++) if (keys[at] !== keys[at - 1]) runs++;
  return runs;
}
