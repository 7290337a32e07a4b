import type { Group } from '../../definition';
import type { CodeLists, Coding } from './coding';
import { groupCount, Level } from './level';
import { numberLevels } from './number-groups';
import { type Entries, splitBySorting } from './split-sparse';
import { borrow } from './working-memory';

/** A table of all keys costs less than sorting up to so many cells an entry. */
const CELLS_PER_ENTRY = 8;

/** What a level is split by. */
export interface SplitStep {
  readonly rule: Group;
  readonly coding: Coding;
}

/**
 * Splits every group of a level by the first step, those that come of it by the next, and so on for as many
 * steps as one pass can do; gives a level for each step done, at least one. Groups come in the order of their
 * rule's direction; linear in rows.
 */
export function splitLevel(above: Level, steps: readonly [SplitStep, ...SplitStep[]]): readonly Level[] {
  const atOnce = steps.slice(0, countAtOnce(above, steps));
  return atOnce.length > 0 ? splitAtOnce(above, atOnce) : splitAlone(above, steps[0]);
}

/** The steps up to one that leaves entries out or repeats them, or makes too many keys for a table. */
function countAtOnce(above: Level, steps: readonly SplitStep[]): number {
  let keys = groupCount(above);
  const end = steps.findIndex(({ rule, coding }) => {
    keys *= coding.size;
    return coding.lists !== undefined || rule.empty === 'hide' || !fitsTable(keys, above.entries.length);
  });
  return end < 0 ? steps.length : end;
}

function fitsTable(keys: number, entries: number): boolean {
  return keys <= CELLS_PER_ENTRY * entries + 0xffff;
}

/** Entries stay where they are and learn their new group, as moving them costs more than anything else would. */
function splitAtOnce(above: Level, steps: readonly SplitStep[]): readonly Level[] {
  const { entries, order } = above;
  const keys = borrow('keys', entries.length);
  if (groupCount(above) === 1) keys.fill(0);
  else keys.set(above.groupOf);
  const placed = steps.map(({ rule, coding }) => ({ coding, places: placesOf(coding.size, rule) }));
  placeAll(keys, entries, placed);
  const size = placed.reduce((product, { places }) => product * places.length, groupCount(above));
  const named = placed.map(({ coding, places }) => ({ coding, codeAt: codesByPlace(places) }));
  return numberLevels({ entries, order, whole: true, keys, table: countKeys(keys, size) }, named);
}

interface PlacedCodes {
  readonly coding: Coding;
  /** The place of each code among its siblings. */
  readonly places: Int32Array;
}

/** Three steps in one pass where there are three, as reading and writing keys is most of what a pass costs. */
function placeAll(keys: Int32Array, entries: Int32Array, steps: readonly PlacedCodes[]): void {
  const [first, second, third] = steps;
  if (!first) return;
  if (second && third) placeThree(keys, entries, first, second, third);
  else placeOne(keys, entries, first);
  placeAll(keys, entries, steps.slice(third ? 3 : 1));
}

function placeOne(keys: Int32Array, entries: Int32Array, { coding: { codes }, places }: PlacedCodes): void {
  for (let at = 0; at < entries.length; at++) {
    const place = places[codes[entries[at] as number] as number] as number;
    keys[at] = (keys[at] as number) * places.length + place;
  }
}

function placeThree(
  keys: Int32Array,
  entries: Int32Array,
  { coding: { codes: codes1 }, places: places1 }: PlacedCodes,
  { coding: { codes: codes2 }, places: places2 }: PlacedCodes,
  { coding: { codes: codes3 }, places: places3 }: PlacedCodes,
): void {
  for (let at = 0; at < entries.length; at++) {
    const row = entries[at] as number;
    let key = (keys[at] as number) * places1.length + (places1[codes1[row] as number] as number);
    key = key * places2.length + (places2[codes2[row] as number] as number);
    keys[at] = key * places3.length + (places3[codes3[row] as number] as number);
  }
}

function countKeys(keys: Int32Array, size: number): Int32Array {
  const table = borrow('table', size).fill(0);
  for (let at = 0; at < keys.length; at++) (table[keys[at] as number] as number)++;
  return table;
}

/** Where entries are not those of the level above, or a table of all keys would be mostly empty. */
function splitAlone(above: Level, { coding, rule }: SplitStep): readonly Level[] {
  const places = placesOf(coding.size, rule);
  const { lists } = coding;
  const { rows, keys } = lists
    ? placeValues(above, coding, lists, places)
    : placeFilled(above, coding.codes, places);
  const size = groupCount(above) * places.length;
  const whole = !lists && rule.empty !== 'hide';
  const codeAt = codesByPlace(places);
  if (fitsTable(size, keys.length)) {
    const keyed = { entries: rows, whole, keys, table: countKeys(keys, size) };
    return numberLevels(keyed, [{ coding, codeAt }]);
  }
  const split = splitBySorting({ rows, keys }, groupCount(above), codeAt);
  return [new Level({ ...split, whole, sorted: true, coding })];
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

/** Entries with a place, in the report's order. */
function placeFilled(above: Level, codes: Int32Array, places: Int32Array): Entries {
  const { entries, groupOf, order } = above;
  const rows = new Int32Array(entries.length);
  const keys = borrow('keys', entries.length);
  let to = 0;
  for (let index = 0; index < entries.length; index++) {
    const at = order ? (order[index] as number) : index;
    const row = entries[at] as number;
    const place = places[codes[row] as number] as number;
    if (place < 0) continue;
    rows[to] = row;
    keys[to++] = (groupOf[at] as number) * places.length + place;
  }
  return { rows: rows.subarray(0, to), keys: keys.subarray(0, to) };
}

/** For fields with several values: a row gives way to an entry a value; in the report's order. */
function placeValues(above: Level, { codes }: Coding, { offsets }: CodeLists, places: Int32Array): Entries {
  const { entries, groupOf, order } = above;
  const values = countValues(entries, offsets);
  const rows = new Int32Array(values);
  const keys = borrow('keys', values);
  let to = 0;
  for (let index = 0; index < entries.length; index++) {
    const at = order ? (order[index] as number) : index;
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
  return { rows: rows.subarray(0, to), keys: keys.subarray(0, to) };
}

function countValues(rows: Int32Array, offsets: Int32Array): number {
  let values = 0;
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] as number;
    values += (offsets[row + 1] as number) - (offsets[row] as number);
  }
  return values;
}
