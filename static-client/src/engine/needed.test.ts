import { describe, expect, test } from 'vitest';
import { column, definition, field, group } from '../../tests/tables';
import { baseOrder } from './base-order';
import { fieldsNeeded } from './needed';

describe('the fields that a definition needs', () => {
  test('are those of all its rules, each once, and never the key', () => {
    const needed = fieldsNeeded(
      definition({
        columns: [column('issuekey', 'count'), column('summary'), column('worklog.author')],
        filters: [{ of: field('status'), operator: 'is empty' }],
        groups: [group('components', { orderBy: { of: field('timespent'), aggregate: 'sum' } })],
        sort: [{ of: field('summary') }],
        formatting: [
          { of: field('duedate'), style: 'bar', when: { of: field('priority'), operator: 'is empty' } },
        ],
        chart: {
          kind: 'line',
          category: group('created'),
          series: group('project'),
          measure: { of: field('votes'), aggregate: 'sum' },
        },
        pivot: {
          rows: [group('labels')],
          columns: [group('resolution')],
          measures: [{ of: field('watches'), aggregate: 'sum' }],
        },
      }),
    );
    expect(needed).toEqual([
      'components',
      'created',
      'duedate',
      'issuetype',
      'labels',
      'priority',
      'project',
      'resolution',
      'status',
      'summary',
      'timespent',
      'votes',
      'watches',
    ]);
  });

  test('hold what tells sub-tasks where a Σ is shown', () => {
    expect(fieldsNeeded(definition({ columns: [column('aggregatetimespent')] }))).toEqual([
      'aggregatetimespent',
      'issuetype',
      'parent',
    ]);
  });

  test('hold the issue type wherever keys are shown, for their pictures', () => {
    const summary = column('summary');
    expect(fieldsNeeded(definition({ columns: [summary] }))).toEqual(['summary']);
    expect(fieldsNeeded(definition({ columns: [column('issuekey'), summary] }))).toContain('issuetype');
    expect(fieldsNeeded(definition({ columns: [summary], groups: [group('status')] }))).toContain(
      'issuetype',
    );
    const hidden = { ...column('issuekey'), hidden: true };
    expect(fieldsNeeded(definition({ columns: [hidden, summary] }))).toEqual(['summary']);
  });

  test('hold the base query’s order where there is no other', () => {
    expect(fieldsNeeded(definition({ jql: 'a = 1 ORDER BY due, fixVersion' }))).toEqual([
      'duedate',
      'fixVersions',
      'issuetype',
    ]);
    expect(fieldsNeeded(definition({ jql: 'a = 1 ORDER BY due', sort: [] }))).toEqual(['issuetype']);
  });
});

test('a base query’s order is translated by id, clause and name', () => {
  const fields = [{ id: 'customfield_1', name: 'Team Name', kind: 'text' as const, multiple: false }];
  expect(
    baseOrder('a = 1 ORDER BY createdDate DESC, "team name", cf[77] ASC, nobody, Key DESC', fields),
  ).toEqual([
    { of: field('created'), direction: 'descending' },
    { of: field('customfield_1'), direction: 'ascending' },
    { of: field('customfield_77'), direction: 'ascending' },
    { of: field('issuekey'), direction: 'descending' },
  ]);
});

test('the fields of the formulas that are used are needed, those that others use for them included', () => {
  const formulas = [
    { id: 'ratio', name: 'Ratio', expression: 'spent / [timeoriginalestimate]' },
    { id: 'spent', name: 'Spent', expression: 'aggregatetimespent + customfield_7' },
    { id: 'unused', name: 'Unused', expression: 'customfield_8' },
    { id: 'broken', name: 'Broken', expression: 'customfield_9 +' },
    { id: 'summary', name: 'Hides a field', expression: 'nonsense' },
  ];
  const columns = ['ratio', 'broken', 'summary', 'gone'].map((id) => ({ of: { formula: id } }));
  const sort = [{ of: { field: 'issuekey' } }];
  expect(fieldsNeeded({ jql: '', columns, formulas, sort })).toEqual([
    'aggregatetimespent',
    'customfield_7',
    'issuetype',
    'parent',
    'timeoriginalestimate',
  ]);
});
