import { expect, test } from 'vitest';
import { contextOf } from '../../tests/generated-issues';
import { definition, issue, NOW } from '../../tests/tables';
import { createAnswerer } from './answer';

test('a worker answers calls in turn, each with its own number', () => {
  const answer = createAnswerer();
  expect(answer({ id: 1, method: 'refresh', args: [] })).toEqual({ id: 1, error: 'No report is open.' });
  expect(answer({ id: 2, method: 'open', args: [definition(), contextOf(), NOW] })).toMatchObject({
    id: 2,
    result: { heldCount: 0 },
  });
  expect(answer({ id: 3, method: 'add', args: [[issue(1), issue(2)]] })).toEqual({
    id: 3,
    result: undefined,
  });
  expect(answer({ id: 4, method: 'refresh', args: [] })).toMatchObject({ result: { rowCount: 2 } });
  expect(answer({ id: 5, method: 'rows', args: [0, 1] })).toMatchObject({
    result: { rows: [{ key: 'A-1' }] },
  });
  expect(answer({ id: 6, method: 'expand', args: [0] })).toMatchObject({ result: { rowCount: 2 } });
  expect(answer({ id: 7, method: 'toggle', args: ['nothing'] })).toMatchObject({ result: { rowCount: 2 } });
  expect(answer({ id: 8, method: 'define', args: [definition()] })).toMatchObject({
    result: { heldCount: 2 },
  });
});

test('opening anew drops everything held', () => {
  const answer = createAnswerer();
  answer({ id: 1, method: 'open', args: [definition(), contextOf(), NOW] });
  answer({ id: 2, method: 'add', args: [[issue(1)]] });
  answer({ id: 3, method: 'open', args: [definition(), contextOf(), NOW] });
  expect(answer({ id: 4, method: 'refresh', args: [] })).toMatchObject({
    result: { heldCount: 0, rowCount: 0 },
  });
});

test('what goes wrong is an answer, too', () => {
  const answer = createAnswerer();
  const context = contextOf({ timeZone: 'Middle/Earth' });
  expect(answer({ id: 1, method: 'open', args: [definition(), context, NOW] })).toMatchObject({
    id: 1,
    error: expect.stringContaining('time zone'),
  });
});
