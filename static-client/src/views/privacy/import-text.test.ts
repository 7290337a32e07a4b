import { expect, test } from 'vitest';
import type { Import, ImportCheck } from '../../server/imports';
import { applyText, linesOf, madeText, remarksOf, workText } from './import-text';

const NOTHING = { reports: 0, deleted_reports: 0, versions: 0, stars: 0, gadgets: 0, settings: 0 };
const EMPTY: ImportCheck = {
  problems: [],
  site: null,
  exported_at: null,
  adds: NOTHING,
  leaves_out: { stars: 0, gadgets: 0, settings: 0, projects: 0 },
  fields: { missing: [], unchecked: false },
  accounts: { unknown: [], unknown_number: 0, replaced_administrators: 0, unchecked: 0 },
};

test('only what the file has is listed, with what is left out of it and why', () => {
  const found = {
    ...EMPTY,
    adds: { ...NOTHING, reports: 12, gadgets: 0, stars: 3 },
    leaves_out: { ...EMPTY.leaves_out, gadgets: 2 },
  };
  expect(linesOf(found).map(({ what, comes, left }) => [what, comes, left])).toEqual([
    ['Reports', 12, 0],
    ['Stars', 3, 0],
    ['Choices of gadgets', 0, 2],
  ]);
  expect(linesOf(EMPTY)).toEqual([]);
});

test('nothing remarkable is no remark', () => {
  expect(remarksOf(EMPTY)).toEqual([]);
});

test('each thing to know before is a sentence with its number', () => {
  const found = {
    ...EMPTY,
    leaves_out: { ...EMPTY.leaves_out, projects: 1 },
    fields: { missing: [], unchecked: true },
    accounts: { unknown: ['a'], unknown_number: 1_204, replaced_administrators: 2, unchecked: 1 },
  };
  expect(remarksOf(found)).toEqual([
    '1 report is shared with projects of the other site; that sharing is left out.',
    '1,204 accounts are unknown here and left out of sharing and stars.',
    'You become an administrator of 2 reports in place of unknown accounts.',
    'Jira could not be asked about 1 account; it is taken as known.',
    'Jira could not be asked whether this site has all fields that the reports name.',
  ]);
});

test('what was made is told without what there was nothing of', () => {
  expect(madeText({ ...NOTHING, reports: 1, versions: 30 })).toBe('1 report, 30 versions');
  expect(madeText(NOTHING)).toBe('0 reports');
});

test('the button counts deleted reports too, as they come as well', () => {
  expect(applyText({ ...EMPTY, adds: { ...NOTHING, reports: 4, deleted_reports: 1 } })).toBe(
    'Import 5 reports',
  );
  expect(applyText({ ...EMPTY, problems: [{ pointer: '/reports', detail: 'is missing' }] })).toBe('Import');
});

test('work is told as far as it is known, and is never whole before it is over', () => {
  const work = (change: Partial<Import>) =>
    workText({ state: 'running', step: 'check', done: 0, total: null, ...change } as Import);
  expect(work({ state: 'queued' })).toBe('Checking the file: waiting to start');
  expect(work({})).toBe('Checking the file…');
  expect(work({ step: 'apply', done: 1, total: 3 })).toBe('Importing: 33 %');
  expect(work({ done: 3, total: 3 })).toBe('Checking the file: 99 %');
});
