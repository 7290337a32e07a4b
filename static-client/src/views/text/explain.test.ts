import { expect, test } from 'vitest';
import { QueryRefused } from '../../jira/loading';
import { Problem, Unreachable } from '../../server/problem';
import { explain, isAbort } from './explain';

test("Jira's own words are kept", () => {
  const { text, again } = explain(new QueryRefused(400, ["The value 'X' does not exist for 'project'."]));
  expect(text).toBe("The value 'X' does not exist for 'project'.");
  expect(again).toBe(false);
});

test('a report that is gone says what may have happened and offers no second try', () => {
  const { text, again } = explain(new Problem(404, 'There is no such report.'));
  expect(text).toBe('There is no such report. It may have been deleted, or is no longer shared with you.');
  expect(again).toBe(false);
});

test('a fault of the server names the request and can be tried again', () => {
  const { text, again } = explain(new Problem(500, 'It broke.', [], undefined, 'r-9'));
  expect(text).toBe('It broke. Request r-9.');
  expect(again).toBe(true);
});

test.each([
  [429, 4, 'Too fast. Try again in 4 s.'],
  [503, 89.5, 'Too fast. Try again in 90 s.'],
  [429, 600, 'Too fast. Try again in 10 minutes.'],
  [429, undefined, 'Too fast. Wait a moment and try again.'],
])('a busy server says when to try again (%i, %s)', (status, retryAfter, text) => {
  expect(explain(new Problem(status, 'Too fast.', [], retryAfter))).toMatchObject({ text, again: true });
});

test('a missing connection and anything unknown can be tried again', () => {
  expect(explain(new Unreachable('Gone.')).again).toBe(true);
  expect(explain('odd')).toMatchObject({ text: 'odd', again: true });
});

test('only aborts are aborts', () => {
  expect(isAbort(new DOMException('x', 'AbortError'))).toBe(true);
  expect(isAbort(new Error('AbortError'))).toBe(false);
});
