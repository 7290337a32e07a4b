import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Coding } from './coding';
import { groupCount, type Level, rootLevel } from './level';
import { type SplitStep, splitLevel } from './split';

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
function naiveGroups(rows: readonly number[], steps: readonly SplitStep[]) {
  const groups = new Map<string, number[]>();
  const enter = (path: string, row: number, [step, ...rest]: readonly SplitStep[]): void => {
    if (!step) groups.set(path, [...(groups.get(path) ?? []), row]);
    else
      for (const code of codesOfRow(step.coding, row))
        if (code !== 0 || step.rule.empty !== 'hide') enter(`${path}/${code}`, row, rest);
  };
  for (const row of rows) enter('', row, steps);
  return groups;
}

/** At once where `splitLevel` does, else one after the other. */
function splitAll(rows: Int32Array, steps: readonly SplitStep[]): readonly Level[] {
  const levels: Level[] = [rootLevel(rows)];
  while (levels.length <= steps.length) {
    const [next, ...rest] = steps.slice(levels.length - 1);
    const above = levels.at(-1);
    if (!next || !above) throw new Error('no step left');
    levels.push(...splitLevel(above, [next, ...rest]));
  }
  return levels.slice(1);
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

  const step = fc.record({ coding: codings, empty: fc.constantFrom('first', 'last', 'hide') });
  const steps = fc
    .array(step, { minLength: 2, maxLength: 3 })
    .map((all): SplitStep[] =>
      all.map(({ coding, empty }) => ({ coding, rule: { of: { field: 'x' }, empty } })),
    );

  test('every group holds its rows in the order they came', () => {
    const property = fc.property(order, steps, (rows, taken) => {
      const levels = splitAll(Int32Array.from(rows), taken);
      let paths: readonly string[] = [''];
      for (const [at, level] of levels.entries()) {
        const found = groupsOf(level, paths);
        const expected = naiveGroups(rows, taken.slice(0, at + 1));
        expect(new Map(found.map((group) => [group.path, group.rows]))).toEqual(expected);
        for (const [entry, group] of level.groupOf.entries())
          expect(found[group]?.rows).toContain(level.entries[entry]);
        paths = found.map(({ path }) => path);
      }
    });
    fc.assert(property, { numRuns: 20 });
  });
});
