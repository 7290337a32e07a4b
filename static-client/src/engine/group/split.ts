import type { Group } from '../../definition';
import type { Coding } from './coding';
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
  const entries = coding.offsets
    ? placeValues(above, coding, coding.offsets, places)
    : placeRows(above, coding.codes, places);
  const cells = groupCount(above) * coding.size;
  const fits = cells <= CELLS_PER_ENTRY * entries.rows.length + 0xffff;
  const sorted = fits ? sortByTable(entries, cells) : sortInTwo(entries, coding.size, groupCount(above));
  const whole = !coding.offsets && rule.empty !== 'hide';
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
  const kept = new Int32Array(rows.length);
  const keys = new Int32Array(rows.length);
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
  return to === rows.length
    ? { rows: kept, keys }
    : { rows: kept.subarray(0, to), keys: keys.subarray(0, to) };
}

/** For fields with several values: values are placed like rows, and give way to the rows that hold them. */
function placeValues(above: Level, coding: Coding, offsets: Int32Array, places: Int32Array): Entries {
  const { rows, keys } = placeRows(spread(above, offsets), coding.codes, places);
  const owners = ownersOf(offsets, coding.codes.length);
  for (let at = 0; at < rows.length; at++) rows[at] = owners[rows[at] as number] as number;
  return { rows, keys };
}

/** The level with the values of its rows in place of the rows. */
function spread(above: Level, offsets: Int32Array): Level {
  const widths = above.rows.reduce((sum, row) => sum + (offsets[row + 1] ?? 0) - (offsets[row] ?? 0), 0);
  const values = new Int32Array(widths);
  const starts = new Int32Array(above.starts.length);
  let to = 0;
  for (let parent = 0; parent < groupCount(above); parent++) {
    const members = above.rows.subarray(above.starts[parent] ?? 0, above.starts[parent + 1] ?? 0);
    for (const row of members) {
      const end = offsets[row + 1] ?? 0;
      for (let value = offsets[row] ?? 0; value < end; value++) values[to++] = value;
    }
    starts[parent + 1] = to;
  }
  return { ...above, rows: values, starts };
}

/** The row of each value. */
function ownersOf(offsets: Int32Array, length: number): Int32Array {
  const owners = new Int32Array(length);
  for (let row = 0; row + 1 < offsets.length; row++) {
    owners.fill(row, offsets[row] ?? 0, offsets[row + 1] ?? 0);
  }
  return owners;
}

/** A stable counting sort by the whole key. */
function sortByTable({ rows, keys }: Entries, cells: number): Entries {
  return countingSort({ rows, keys }, keys, cells);
}

/** The same where a table of all keys would be mostly empty: by place, then by parent. */
function sortInTwo(entries: Entries, size: number, parents: number): Entries {
  const byPlace = countingSort(
    entries,
    entries.keys.map((key) => key % size),
    size,
  );
  return countingSort(
    byPlace,
    byPlace.keys.map((key) => Math.floor(key / size)),
    parents,
  );
}

function countingSort({ rows, keys }: Entries, by: Int32Array, size: number): Entries {
  const starts = new Int32Array(size + 1);
  for (let at = 0; at < by.length; at++) (starts[(by[at] as number) + 1] as number)++;
  for (let at = 1; at <= size; at++) (starts[at] as number) += starts[at - 1] as number;
  const sorted = { rows: new Int32Array(rows.length), keys: new Int32Array(rows.length) };
  for (let at = 0; at < by.length; at++) {
    const to = (starts[by[at] as number] as number)++;
    sorted.rows[to] = rows[at] as number;
    sorted.keys[to] = keys[at] as number;
  }
  return sorted;
}

type Gathered = Pick<Level, 'rows' | 'starts' | 'codes' | 'parents'>;

/** One group for each run of equal keys. */
function gather({ rows, keys }: Entries, size: number, codeAt: Int32Array): Gathered {
  const starts = new Int32Array(rows.length + 1);
  const codes = new Int32Array(rows.length);
  const parents = new Int32Array(rows.length);
  let groups = 0;
  for (let at = 0; at < rows.length; at++) {
    const key = keys[at] as number;
    if (at > 0 && key === keys[at - 1]) continue;
    const parent = Math.floor(key / size);
    starts[groups] = at;
    codes[groups] = codeAt[key - parent * size] as number;
    parents[groups++] = parent;
  }
  starts[groups] = rows.length;
  return {
    rows,
    starts: starts.slice(0, groups + 1),
    codes: codes.slice(0, groups),
    parents: parents.slice(0, groups),
  };
}
