import type { Group } from '../../definition';
import type { CodeLists, Coding } from './coding';
import { groupCount, type Level } from './level';

/** Rows on their way into groups: a row stands once for each group it belongs to. */
interface Entries {
  readonly rows: Int32Array;
  /** The parent's index times the number of places, plus the place among its children. */
  readonly keys: Int32Array;
}

/** A table of all keys costs less than two passes up to so many cells an entry. */
const CELLS_PER_ENTRY = 8;

/** Splits every group of a level by a coding, in the order of the rule's direction; linear in rows. */
export function splitLevel(above: Level, coding: Coding, rule: Group): Level {
  const places = placesOf(coding.size, rule);
  const { lists } = coding;
  const entries = lists ? placeValues(above, coding, lists, places) : placeRows(above, coding.codes, places);
  const cells = groupCount(above) * coding.size;
  const fits = cells <= CELLS_PER_ENTRY * entries.rows.length + 0xffff;
  const sorted = fits ? sortByTable(entries, cells) : sortInTwo(entries, coding.size, groupCount(above));
  const whole = !lists && rule.empty !== 'hide';
  return { ...gather(sorted, coding.size, codesByPlace(places)), whole, coding };
}

/** Where each code stands among its siblings; -1 for one that is hidden. */
function placesOf(size: number, rule: Group): Int32Array {
  const empty = rule.empty ?? 'last';
  const first = empty === 'first' ? 1 : 0;
  const descending = rule.direction === 'descending';
  const places = new Int32Array(size);
  for (let code = 1; code < size; code++) places[code] = first + (descending ? size - 1 - code : code - 1);
  places[0] = empty === 'hide' ? -1 : empty === 'first' ? 0 : size - 1;
  return places;
}

function codesByPlace(places: Int32Array): Int32Array {
  const codes = new Int32Array(places.length);
  places.forEach((place, code) => {
    if (place >= 0) codes[place] = code;
  });
  return codes;
}

function placeRows(above: Level, codes: Int32Array, places: Int32Array): Entries {
  const { rows, starts } = above;
  const kept = borrow('rows', rows.length);
  const keys = borrow('keys', rows.length);
  let to = 0;
  for (let parent = 0; parent < groupCount(above); parent++) {
    const end = starts[parent + 1] ?? 0;
    const base = parent * places.length;
    for (let at = starts[parent] ?? 0; at < end; at++) {
      const row = rows[at] as number;
      const place = places[codes[row] as number] as number;
      if (place < 0) continue;
      kept[to] = row;
      keys[to++] = base + place;
    }
  }
  return { rows: kept.subarray(0, to), keys: keys.subarray(0, to) };
}

/** For fields with several values: values are placed like rows, and give way to the rows that hold them. */
function placeValues(above: Level, coding: Coding, lists: CodeLists, places: Int32Array): Entries {
  const { rows, keys } = placeRows(spread(above, lists.offsets), coding.codes, places);
  for (let at = 0; at < rows.length; at++) rows[at] = lists.owners[rows[at] as number] as number;
  return { rows, keys };
}

/** The level with the values of its rows in place of the rows. */
function spread(above: Level, offsets: Int32Array): Level {
  const values = borrow('values', countValues(above.rows, offsets));
  const starts = new Int32Array(above.starts.length);
  let to = 0;
  for (let parent = 0; parent < groupCount(above); parent++) {
    const members = above.starts[parent + 1] ?? 0;
    for (let at = above.starts[parent] ?? 0; at < members; at++) {
      const row = above.rows[at] as number;
      const end = offsets[row + 1] as number;
      for (let value = offsets[row] as number; value < end; value++) values[to++] = value;
    }
    starts[parent + 1] = to;
  }
  return { ...above, rows: values, starts };
}

function countValues(rows: Int32Array, offsets: Int32Array): number {
  let values = 0;
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] as number;
    values += (offsets[row + 1] as number) - (offsets[row] as number);
  }
  return values;
}

/** A stable counting sort by the whole key. */
function sortByTable(entries: Entries, cells: number): Entries {
  return countingSort(entries, entries.keys, cells, 'sorted keys');
}

/** The same where a table of all keys would be mostly empty: by place, then by parent. */
function sortInTwo(entries: Entries, size: number, parents: number): Entries {
  const places = entries.keys.map((key) => key % size);
  const byPlace = countingSort(entries, places, size, 'keys by place');
  const parentOf = byPlace.keys.map((key) => Math.floor(key / size));
  return countingSort(byPlace, parentOf, parents, 'sorted keys');
}

function countingSort({ rows, keys }: Entries, by: Int32Array, size: number, buffer: Buffer): Entries {
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

type Gathered = Pick<Level, 'rows' | 'starts' | 'codes' | 'parents'>;

/** One group for each run of equal keys. */
function gather({ rows, keys }: Entries, size: number, codeAt: Int32Array): Gathered {
  const groups = countRuns(keys);
  const starts = new Int32Array(groups + 1);
  const codes = new Int32Array(groups);
  const parents = new Int32Array(groups);
  let group = 0;
  for (let at = 0; at < rows.length; at++) {
    const key = keys[at] as number;
    if (at > 0 && key === keys[at - 1]) continue;
    const parent = Math.floor(key / size);
    starts[group] = at;
    codes[group] = codeAt[key - parent * size] as number;
    parents[group++] = parent;
  }
  starts[groups] = rows.length;
  return { rows, starts, codes, parents };
}

function countRuns(keys: Int32Array): number {
  let runs = keys.length > 0 ? 1 : 0;
  for (let at = 1; at < keys.length; at++) if (keys[at] !== keys[at - 1]) runs++;
  return runs;
}

type Buffer = 'rows' | 'keys' | 'values' | 'sorted keys' | 'keys by place' | 'table';

const buffers = new Map<Buffer, Int32Array>();

/**
 * Working memory, kept from one split to the next: arrays of this size made anew each time would have the
 * garbage collector look at everything held. What it holds is not cleared, and good until the next split.
 */
function borrow(name: Buffer, length: number): Int32Array {
  const known = buffers.get(name);
  if (known && known.length >= length) return known.subarray(0, length);
  const made = new Int32Array(Math.ceil(length * 1.25));
  buffers.set(name, made);
  return made.subarray(0, length);
}
