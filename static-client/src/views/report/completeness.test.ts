import { expect, test } from 'vitest';
import type { LoadResult } from '../../jira/loading';
import { completenessText } from './completeness';

const RESULT: LoadResult = { complete: true, loaded: 4812, calls: 49, points: 4861, seconds: 2, missing: [] };

test('a whole report says so, with its number of issues', () => {
  expect(completenessText(RESULT)).toBe('Complete: 4,812 issues');
  expect(completenessText({ ...RESULT, loaded: 1 })).toBe('Complete: 1 issue');
});

test('a part says of how many, and what is missing', () => {
  const part = {
    ...RESULT,
    complete: false,
    loaded: 4700,
    estimate: 4812,
    missing: ['March 2026', 'May 2026'],
  };
  expect(completenessText(part)).toBe('4,700 of about 4,812; missing: March 2026; May 2026');
  expect(completenessText({ ...RESULT, complete: false })).toBe('4,812 of an unknown number');
});
