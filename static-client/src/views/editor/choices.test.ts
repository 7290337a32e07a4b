import { expect, test } from 'vitest';
import type { Aggregate } from '../../definition';
import {
  aggregateKey,
  aggregateName,
  aggregateOptions,
  byOptions,
  fieldOf,
  fieldsOf,
  parseAggregate,
} from './choices';

const values = (options: readonly { readonly value: string }[]) => options.map(({ value }) => value);

test('sums are offered for numbers and durations, not for people', () => {
  expect(values(aggregateOptions('number', undefined))).toContain('sum');
  expect(values(aggregateOptions('duration', undefined))).toContain('median');
  expect(values(aggregateOptions('user', undefined))).not.toContain('sum');
  expect(values(aggregateOptions('date', undefined))).toContain('minimum');
});

test('what a report has already is offered, even where it is unusual', () => {
  expect(values(aggregateOptions('user', 'sum'))).toContain('sum');
  expect(values(aggregateOptions('number', { percentile: 33 }))).toContain('{"percentile":33}');
  expect(values(byOptions('user', 'month'))).toContain('month');
});

test('each aggregate survives being a choice', () => {
  const aggregates: Aggregate[] = ['sum', 'count distinct', { percentile: 99.5 }, { share: 'parent' }];
  expect(aggregates.map((one) => parseAggregate(aggregateKey(one)))).toEqual(aggregates);
  expect(parseAggregate('')).toBeUndefined();
  expect(aggregates.map(aggregateName)).toEqual([
    'Sum',
    'Count of different values',
    'Percentile 99.5',
    'Share of the group above',
  ]);
});

test('only dates are grouped by month', () => {
  expect(values(byOptions('datetime', undefined))).toContain('month');
  expect(values(byOptions('status', undefined))).toEqual(['value']);
});

test('a field or formula that is gone is shown by its id', () => {
  const definition = {
    jql: '',
    columns: [],
    formulas: [{ id: 'left', name: 'Hours left', expression: '1' }],
  };
  const status = { id: 'status', name: 'Status', kind: 'status', multiple: false } as const;
  const fields = new Map([['status', status]]);
  expect(fieldOf({ field: 'status' }, fields, definition)).toEqual({ ...status, missing: false });
  expect(fieldOf({ field: 'customfield_1' }, fields, definition)).toMatchObject({
    name: 'customfield_1',
    missing: true,
  });
  expect(fieldOf({ formula: 'left' }, fields, definition)).toMatchObject({
    name: 'Hours left',
    missing: false,
  });
  expect(fieldOf({ formula: 'gone' }, fields, definition)).toMatchObject({ name: 'gone', missing: true });
});

test('fields of worklogs are offered where rows are worklogs only', () => {
  const site = new Map([
    ['summary', { id: 'summary', name: 'Summary', kind: 'text' as const, multiple: false }],
  ]);
  expect([...fieldsOf(site, {}).keys()]).toEqual(['summary']);
  expect([...fieldsOf(site, { rows: 'issue' }).keys()]).toEqual(['summary']);
  expect([...fieldsOf(site, { rows: 'worklog' }).keys()]).toEqual([
    'worklog.author',
    'worklog.started',
    'worklog.timeSpentSeconds',
    'summary',
  ]);
});
