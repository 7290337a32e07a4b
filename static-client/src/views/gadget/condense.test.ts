import { expect, test } from 'vitest';
import type { Column, Definition } from '../../definition';
import { condensed } from './condense';

const KEY: Column = { of: { field: 'issuekey' } };
const SUMMARY: Column = { of: { field: 'summary' }, width: 300 };
const STATUS: Column = { of: { field: 'status' } };
const SPENT: Column = { of: { field: 'timespent' }, aggregate: 'sum' };
const LEFT: Column = { of: { formula: 'left' } };
const GROUPED: Definition = {
  jql: 'project = A',
  columns: [KEY, SUMMARY, STATUS, SPENT, LEFT],
  groups: [{ of: { field: 'status' } }],
  sort: [{ of: { field: 'status' } }],
};

test('of a report with groups the columns stay that groups have values in', () => {
  expect(condensed(GROUPED)).toEqual({ ...GROUPED, columns: [KEY, SUMMARY, SPENT, LEFT] });
});

test('a report without groups, or without totals, stays whole', () => {
  const { groups: _, ...flat } = GROUPED;
  expect(condensed(flat)).toBe(flat);
  const plain = { ...GROUPED, columns: [KEY, STATUS] };
  expect(condensed(plain)).toBe(plain);
});
