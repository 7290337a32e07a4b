import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Coding } from './coding';
import { groupCount, type Level, rootLevel } from './level';
import { splitLevel } from './split';

const ROWS = 400;

/** A coding of one code a row, or of several where `lists`. */
function codingOf(codes: readonly (readonly number[])[], size: number, lists: boolean): Coding {
  const plain = { size, identity: String, label: () => ({ values: [] }) };
  if (!lists) return { ...plain, codes: Int32Array.from(codes, ([first = 0]) => first) };
  const distinct = codes.map((row) => [...new Set(row)]);
  const offsets = new Int32Array(codes.length + 1);
  distinct.forEach((row, index) => {
    offsets[index + 1] = (offsets[index] ?? 0) + row.length;
  });
  const owners = Int32Array.from(distinct.flatMap((row, index) => row.map(() => index)));
  return { ...plain, codes: Int32Array.from(distinct.flat()), lists: { offsets, owners } };
}

function codesOfRow(coding: Coding, row: number): readonly number[] {
  const { lists, codes } = coding;
  if (!lists) return [codes[row] ?? 0];
  return Array.from(codes.subarray(lists.offsets[row], lists.offsets[row + 1]));
}

/** What a level says of each group: its codes from the root down, and its rows. */
function groupsOf(level: Level, pathsAbove: readonly string[]) {
  return Array.from({ length: groupCount(level) }, (_, group) => ({
    path: `${pathsAbove[level.parents[group] ?? 0]}/${level.codes[group]}`,
    rows: [...level.rows.subarray(level.starts[group], level.starts[group + 1])],
  }));
}

/** The same by looking at every row for every path. */
function naiveGroups(rows: readonly number[], codings: readonly Coding[]) {
  const groups = new Map<string, number[]>();
  const enter = (path: string, row: number, [coding, ...rest]: readonly Coding[]): void => {
    if (!coding) groups.set(path, [...(groups.get(path) ?? []), row]);
    else for (const code of codesOfRow(coding, row)) enter(`${path}/${code}`, row, rest);
  };
  for (const row of rows) enter('', row, codings);
  return groups;
}

const rule = { of: { field: 'x' } };

/** At once where `splitLevel` does, else one after the other. */
function splitTwice(rows: Int32Array, first: Coding, second: Coding): readonly [Level, Level] {
  const steps = [
    { rule, coding: first },
    { rule, coding: second },
  ] as const;
  const [above, below] = splitLevel(rootLevel(rows), steps);
  if (!above) throw new Error('no level');
  const [next] = below ? [below] : splitLevel(above, [steps[1]]);
  if (!next) throw new Error('no level below');
  return [above, next];
}

describe.each([
  ['few keys', 5, false],
  ['more keys than a table is worth', 399, false],
  ['several values a row', 7, true],
  ['several values of many a row', 399, true],
])('%s', (_, most, lists) => {
  const row = fc.array(fc.integer({ min: 0, max: most }), { minLength: 1, maxLength: lists ? 3 : 1 });
  const codings = fc
    .array(row, { minLength: ROWS, maxLength: ROWS })
    .map((codes) => codingOf(codes, most + 1, lists));
  const order = fc.shuffledSubarray(
    Array.from({ length: ROWS }, (_row, index) => index),
    { minLength: 1 },
  );

  test('every group holds its rows in the order they came', () => {
    const property = fc.property(order, codings, codings, (rows, first, second) => {
      const [above, below] = splitTwice(Int32Array.from(rows), first, second);
      const found = groupsOf(
        below,
        groupsOf(above, ['']).map(({ path }) => path),
      );
      expect(new Map(found.map((group) => [group.path, group.rows]))).toEqual(
        naiveGroups(rows, [first, second]),
      );
      for (const [at, group] of below.groupOf.entries())
        expect(found[group]?.rows).toContain(below.entries[at]);
    });
    fc.assert(property, { numRuns: 8 });
  });
});
