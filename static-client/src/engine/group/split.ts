import type { Group } from '../../definition';
import type { CodeLists, Coding } from './coding';
import { groupCount, Level } from './level';
import { type Entries, type Split, splitBySorting } from './split-sparse';
import { borrow } from './working-memory';

/** A table of all keys costs less than sorting up to so many cells an entry. */
const CELLS_PER_ENTRY = 8;

/**
 * Splits every group of a level by a coding, in the order of the rule's direction; linear in rows. Entries stay
 * where they are and learn their new group, as moving them costs more than anything else would.
 */
export function splitLevel(above: Level, coding: Coding, rule: Group): Level {
  const places = placesOf(coding.size, rule);
  const { lists } = coding;
  const entries = lists ? placeValues(above, coding, lists, places) : placeRows(above, coding.codes, places);
  const codeAt = codesByPlace(places);
  const { counts } = entries;
  const split = counts
    ? splitByTable(entries, counts, groupCount(above), codeAt)
    : splitBySorting(entries, groupCount(above), codeAt);
  const whole = !lists && rule.empty !== 'hide';
  return new Level({ ...split, whole, sorted: !counts, coding });
}

/** A cleared table of all keys, where it is not mostly empty. */
function tableOf(cells: number, entries: number): Int32Array | undefined {
  return cells <= CELLS_PER_ENTRY * entries + 0xffff ? borrow('table', cells).fill(0) : undefined;
}

function counted(above: Level, rows: Int32Array, keys: Int32Array, size: number): Entries {
  const counts = tableOf(groupCount(above) * size, keys.length);
  if (counts) for (let at = 0; at < keys.length; at++) (counts[keys[at] as number] as number)++;
  return { rows, keys, counts };
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
  if (places[0] === -1) return placeFilled(above, codes, places);
  const { entries } = above;
  const keys = borrow('keys', entries.length);
  const counts = tableOf(groupCount(above) * places.length, entries.length);
  if (counts) placeAndCount(above, codes, places, keys, counts);
  else placeAll(above, codes, places, keys);
  return { rows: entries, keys, counts };
}

/** One pass where two would do, as this runs for every row of every level. */
function placeAndCount(
  { entries, groupOf }: Level,
  codes: Int32Array,
  places: Int32Array,
  keys: Int32Array,
  counts: Int32Array,
): void {
  const size = places.length;
  for (let at = 0; at < entries.length; at++) {
    const place = places[codes[entries[at] as number] as number] as number;
    const key = (groupOf[at] as number) * size + place;
    keys[at] = key;
    (counts[key] as number)++;
  }
}

function placeAll(
  { entries, groupOf }: Level,
  codes: Int32Array,
  places: Int32Array,
  keys: Int32Array,
): void {
  for (let at = 0; at < entries.length; at++) {
    const place = places[codes[entries[at] as number] as number] as number;
    keys[at] = (groupOf[at] as number) * places.length + place;
  }
}

/** Where empty values are hidden. */
function placeFilled(above: Level, codes: Int32Array, places: Int32Array): Entries {
  const { entries, groupOf } = above;
  const rows = new Int32Array(entries.length);
  const keys = borrow('keys', entries.length);
  let to = 0;
  for (let at = 0; at < entries.length; at++) {
    const row = entries[at] as number;
    const place = places[codes[row] as number] as number;
    if (place < 0) continue;
    rows[to] = row;
    keys[to++] = (groupOf[at] as number) * places.length + place;
  }
  return counted(above, rows.subarray(0, to), keys.subarray(0, to), places.length);
}

/** For fields with several values: a row gives way to an entry a value. */
function placeValues(above: Level, { codes }: Coding, { offsets }: CodeLists, places: Int32Array): Entries {
  const { entries, groupOf } = above;
  const values = countValues(entries, offsets);
  const rows = new Int32Array(values);
  const keys = borrow('keys', values);
  let to = 0;
  for (let at = 0; at < entries.length; at++) {
    const row = entries[at] as number;
    const base = (groupOf[at] as number) * places.length;
    const end = offsets[row + 1] as number;
    for (let value = offsets[row] as number; value < end; value++) {
      const place = places[codes[value] as number] as number;
      if (place < 0) continue;
      rows[to] = row;
      keys[to++] = base + place;
    }
  }
  return counted(above, rows.subarray(0, to), keys.subarray(0, to), places.length);
}

function countValues(rows: Int32Array, offsets: Int32Array): number {
  let values = 0;
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] as number;
    values += (offsets[row + 1] as number) - (offsets[row] as number);
  }
  return values;
}

/** Numbers the keys that occur, and tells each entry its number. */
function splitByTable(
  { rows, keys }: Entries,
  table: Int32Array,
  parentCount: number,
  codeAt: Int32Array,
): Split {
  const groups = numberGroups(table, parentCount, codeAt);
  const groupOf = new Int32Array(keys.length);
  for (let at = 0; at < keys.length; at++) groupOf[at] = table[keys[at] as number] as number;
  return { entries: rows, groupOf, ...groups };
}

/** Turns the counts of a table into the numbers of groups. */
function numberGroups(table: Int32Array, parentCount: number, codeAt: Int32Array) {
  let size = 0;
  for (let cell = 0; cell < table.length; cell++) if (table[cell] !== 0) size++;
  const starts = new Int32Array(size + 1);
  const codes = new Int32Array(size);
  const parents = new Int32Array(size);
  let group = 0;
  for (let parent = 0, cell = 0; parent < parentCount; parent++) {
    for (let place = 0; place < codeAt.length; place++, cell++) {
      const count = table[cell] as number;
      if (count === 0) continue;
      starts[group + 1] = (starts[group] as number) + count;
      codes[group] = codeAt[place] as number;
      parents[group] = parent;
      table[cell] = group++;
    }
  }
  return { starts, codes, parents };
}
