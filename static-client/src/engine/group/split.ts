import type { Group } from '../../definition';
import type { Coding } from './coding';
import { groupCount, type Level } from './level';

/** Rows on their way into groups: a row stands once for each group it belongs to. */
interface Entries {
  readonly rows: Int32Array;
  readonly parents: Int32Array;
  readonly places: Int32Array;
}

/** Above this many cells a table of parents by places costs more than two passes. */
const TABLE_CELLS_PER_ENTRY = 4;

/** Splits every group of a level by a coding, in the order of the rule's direction; linear in rows. */
export function splitLevel(above: Level, coding: Coding, rule: Group): Level {
  const places = placesOf(coding.size, rule);
  const entries = coding.offsets
    ? placeValues(above, coding, coding.offsets, places)
    : placeEntries(above, coding.codes, places);
  const parents = groupCount(above);
  const fits = parents * coding.size <= TABLE_CELLS_PER_ENTRY * entries.rows.length + 0xffff;
  const sorted = fits ? entries : sortBy(entries, entries.places, coding.size);
  const width = fits ? coding.size : 1;
  const level = gather(sorted, parents, width, coding.size, fits);
  const codeAt = codesByPlace(places);
  const whole = !coding.offsets && rule.empty !== 'hide';
  return { ...level, codes: level.codes.map((place) => codeAt[place] ?? 0), whole, coding };
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

function placeEntries(above: Level, codes: Int32Array, places: Int32Array): Entries {
  const { rows, starts } = above;
  const kept = {
    rows: new Int32Array(rows.length),
    parents: new Int32Array(rows.length),
    places: new Int32Array(rows.length),
  };
  let to = 0;
  for (let parent = 0; parent < groupCount(above); parent++) {
    const end = starts[parent + 1] ?? 0;
    for (let at = starts[parent] ?? 0; at < end; at++) {
      const row = rows[at] ?? 0;
      const place = places[codes[row] ?? 0] ?? -1;
      if (place < 0) continue;
      kept.rows[to] = row;
      kept.parents[to] = parent;
      kept.places[to++] = place;
    }
  }
  return cut(kept, to);
}

/** For fields with several values: values are placed like rows, and give way to the rows that hold them. */
function placeValues(above: Level, coding: Coding, offsets: Int32Array, places: Int32Array): Entries {
  const entries = placeEntries(spread(above, offsets), coding.codes, places);
  const owners = ownersOf(offsets, coding.codes.length);
  return { ...entries, rows: entries.rows.map((value) => owners[value] ?? 0) };
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

function cut({ rows, parents, places }: Entries, length: number): Entries {
  if (rows.length === length) return { rows, parents, places };
  return {
    rows: rows.subarray(0, length),
    parents: parents.subarray(0, length),
    places: places.subarray(0, length),
  };
}

/** A stable counting sort of entries by a key below `size`. */
function sortBy({ rows, parents, places }: Entries, keys: Int32Array, size: number): Entries {
  const starts = startsOf(keys, size);
  const sorted = {
    rows: new Int32Array(rows.length),
    parents: new Int32Array(rows.length),
    places: new Int32Array(rows.length),
  };
  for (let at = 0; at < rows.length; at++) {
    const key = keys[at] ?? 0;
    const to = starts[key] ?? 0;
    starts[key] = to + 1;
    sorted.rows[to] = rows[at] ?? 0;
    sorted.parents[to] = parents[at] ?? 0;
    sorted.places[to] = places[at] ?? 0;
  }
  return sorted;
}

function startsOf(keys: Int32Array, size: number): Int32Array {
  const starts = new Int32Array(size + 1);
  for (const key of keys) starts[key + 1] = (starts[key + 1] ?? 0) + 1;
  for (let at = 1; at <= size; at++) starts[at] = (starts[at] ?? 0) + (starts[at - 1] ?? 0);
  return starts;
}

type Gathered = Pick<Level, 'rows' | 'starts' | 'codes' | 'parents'>;

/**
 * The last pass: by parent and place together where they fit a table, else by parent alone over entries that
 * are in the order of their places already. `codes` are places here.
 */
function gather(entries: Entries, parents: number, width: number, size: number, fits: boolean): Gathered {
  const keys = fits
    ? entries.parents.map((parent, at) => parent * size + (entries.places[at] ?? 0))
    : entries.parents;
  const sorted = sortBy(entries, keys, parents * width);
  return { rows: sorted.rows, ...bounds(sorted) };
}

function bounds({ rows, parents, places }: Entries): Omit<Gathered, 'rows'> {
  const starts: number[] = [];
  const groupParents: number[] = [];
  const groupPlaces: number[] = [];
  for (let at = 0; at < rows.length; at++) {
    if (at > 0 && parents[at] === parents[at - 1] && places[at] === places[at - 1]) continue;
    starts.push(at);
    groupParents.push(parents[at] ?? 0);
    groupPlaces.push(places[at] ?? 0);
  }
  starts.push(rows.length);
  return {
    starts: Int32Array.from(starts),
    codes: Int32Array.from(groupPlaces),
    parents: Int32Array.from(groupParents),
  };
}
