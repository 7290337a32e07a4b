import { describe, expect, test } from 'vitest';
import { contextOf } from '../../tests/generated-issues';
import { answer, type JiraBehaviour, SimulatedJira } from '../../tests/simulated-jira';
import {
  allRows,
  column,
  definition,
  field,
  group,
  groupLines,
  issue,
  lines,
  NOW,
  openSession,
} from '../../tests/tables';
import { VirtualClock } from '../../tests/virtual-clock';
import { fieldMetadata } from '../jira/fields';
import { load } from '../jira/loader';
import type { RawIssue } from './protocol';
import { EngineSession } from './session';

/* What people complained about in other reports, and must not find here. */

const SPRINT = 'customfield_10020';
const SIGMA = 'aggregatetimeoriginalestimate';
const HOUR = 3600;

const task = { id: '1', name: 'Task', subtask: false };
const subtask = { id: '5', name: 'Sub-task', subtask: true };
const under = (number: number) => ({
  issuetype: subtask,
  parent: { id: String(number), key: `A-${number}` },
});
const named = (...names: string[]) => names.map((name) => ({ id: name, name }));
const person = (name: string) => ({ accountId: name, displayName: name });

/** A story of 7h with sub-tasks of 3h and 2h; the Σ of the story is 12h. */
const FAMILY = [
  issue(1, {
    ...{ issuetype: task, timeoriginalestimate: 7 * HOUR, [SIGMA]: 12 * HOUR },
    ...{
      summary: 'story',
      labels: ['own'],
      created: '2024-01-10T10:00:00.000+0000',
      assignee: person('Ada'),
    },
  }),
  issue(2, {
    ...{ ...under(1), timeoriginalestimate: 3 * HOUR, [SIGMA]: 3 * HOUR },
    ...{ summary: 'part', labels: ['api'], created: '2024-01-11T10:00:00.000+0000', assignee: person('Ben') },
  }),
  issue(3, {
    ...{ ...under(1), timeoriginalestimate: 2 * HOUR, [SIGMA]: 2 * HOUR },
    ...{ summary: 'part', labels: ['web'], created: '2024-02-01T10:00:00.000+0000', assignee: person('Ada') },
  }),
];

describe('wrong or surprising numbers', () => {
  test('estimates of sub-tasks are not counted twice', () => {
    const { totals } = openSession(FAMILY, {
      columns: [column(SIGMA, 'sum'), column('timeoriginalestimate', 'sum')],
    }).view();
    expect(totals.map(({ values }) => values[0])).toEqual([
      { kind: 'duration', seconds: 12 * HOUR, text: '1d 4h' },
      { kind: 'duration', seconds: 12 * HOUR, text: '1d 4h' },
    ]);
  });

  test('the time of sub-tasks that a filter leaves out is still in their parent’s Σ, and the count is right', () => {
    const filters = [{ of: field('summary'), operator: 'equals' as const, values: ['story'] }];
    const view = openSession(FAMILY, { columns: [column(SIGMA, 'sum')], filters }).view();
    expect(view.totals[0]?.values).toMatchObject([{ seconds: 12 * HOUR }]);
    expect([view.issueCount, view.heldCount]).toEqual([1, 3]);
  });

  test('a group shows its own sum in every column, not the grand total', () => {
    const columns = ['timeoriginalestimate', SIGMA].map((id) => column(id, 'sum'));
    expect(groupLines(openSession(FAMILY, { columns, groups: [group('assignee')] }))).toEqual([
      'Ada (2): 1d 1h | 1d 4h',
      'Ben (1): 3h | 3h',
    ]);
  });

  test('sums of days and weeks stay when grouped by something else above', () => {
    const groups = [group('assignee'), group('created', { by: 'week' })];
    const columns = [column('timeoriginalestimate', 'sum')];
    expect(groupLines(openSession(FAMILY, { columns, groups }))).toEqual([
      'Ada (2): 1d 1h',
      '  2024-W02 (1): 7h',
      '  2024-W05 (1): 2h',
      'Ben (1): 3h',
      '  2024-W02 (1): 3h',
    ]);
  });

  test('a sub-task stands in the group of its own value, not of its parent’s', () => {
    expect(groupLines(openSession(FAMILY, { groups: [group('labels')] }))).toEqual([
      'api (1): 1',
      'own (1): 1',
      'web (1): 1',
    ]);
  });

  test('several components are several groups, not one long name', () => {
    const issues = [issue(1, { components: named('Web', 'API') }), issue(2, { components: named('API') })];
    expect(groupLines(openSession(issues, { groups: [group('components')] }))).toEqual([
      'API (2): 2',
      'Web (1): 1',
    ]);
  });

  test('a custom field of labels is grouped like Jira’s own', () => {
    const custom = 'com.atlassian.jira.plugin.system.customfieldtypes:labels';
    const schema = { type: 'array', items: 'string', custom, customId: 10050 };
    const fields = fieldMetadata([{ id: 'customfield_10050', name: 'Teams', schema }]);
    const issues = [
      issue(1, { customfield_10050: ['red', 'blue'] }),
      issue(2, { customfield_10050: ['blue'] }),
    ];
    const session = openSession(issues, { groups: [group('customfield_10050')] }, { fields });
    expect(groupLines(session)).toEqual(['blue (2): 2', 'red (1): 1']);
  });

  test('issue types can be grouped by', () => {
    expect(groupLines(openSession(FAMILY, { groups: [group('issuetype')] }))).toEqual([
      'Sub-task (2): 2',
      'Task (1): 1',
    ]);
  });

  test('one group reaches across projects that name the same thing', () => {
    const version = (id: string) => [{ id, name: '1.0', releaseDate: '2024-01-01' }];
    const issues = [
      issue(1, { project: { id: '1', key: 'A', name: 'A' }, fixVersions: version('10') }),
      issue(2, { project: { id: '2', key: 'B', name: 'B' }, fixVersions: version('20') }),
    ];
    expect(groupLines(openSession(issues, { groups: [group('fixVersions')] }))).toEqual(['1.0 (2): 2']);
  });

  test('a sprint is shown by its name, in either form that Jira sends', () => {
    const old =
      'com.atlassian.greenhopper.service.sprint.Sprint@7[id=7,state=CLOSED,name=Sprint 7,startDate=<null>]';
    const issues = [
      issue(1, { [SPRINT]: [old] }),
      issue(2, { [SPRINT]: [{ id: 7, name: 'Sprint 7', state: 'closed' }] }),
    ];
    const session = openSession(issues, { columns: [column(SPRINT)], groups: [group(SPRINT)] });
    session.expand('all');
    expect(lines(session)).toEqual(['Sprint 7 (2): –', '  A-1: Sprint 7', '  A-2: Sprint 7']);
  });

  test('all 195 issues are reported, not the first hundred', async () => {
    const { result, issues } = await loaded(195, { pageLimit: () => 100 });
    expect(result).toMatchObject({ complete: true, loaded: 195 });
    expect(openSession(issues).view()).toMatchObject({ issueCount: 195, heldCount: 195 });
  });

  test('45 issues in pages of 6 are 45, and where pages fail the report does not say it is complete', async () => {
    const whole = await loaded(45, { pageLimit: () => 6 });
    expect(whole.result).toMatchObject({ complete: true, loaded: 45 });
    const fault: JiraBehaviour['fault'] = (_, call) => (call > 2 ? answer({}, 400) : undefined);
    const broken = await loaded(45, { pageLimit: () => 6, fault });
    expect(broken.result.complete).toBe(false);
    expect(broken.result.missing).not.toEqual([]);
    expect(broken.result.loaded).toBe(new Set(broken.issues.map(({ id }) => id)).size);
  });
});

describe('dates, locale, time zones, export', () => {
  const at = (number: number, created: string, rest = {}) => issue(number, { created, ...rest });

  test('weeks are numbered by ISO 8601, whatever the reader’s country', () => {
    const issues = [at(1, '2021-01-03T12:00:00.000+0000'), at(2, '2021-01-04T12:00:00.000+0000')];
    for (const locale of ['en-US', 'de-DE', 'ar-EG']) {
      const session = openSession(issues, { groups: [group('created', { by: 'week' })] }, { locale });
      expect(groupLines(session).map((line) => line.slice(0, 8))).toEqual(['2020-W53', '2021-W01']);
    }
  });

  test('an hour and a half stays a number, and is written with a comma in German', () => {
    const columns = [{ ...column('timespent', 'sum'), format: { style: 'hours' as const } }];
    const { totals } = openSession([issue(1, { timespent: 5400 })], { columns }, { locale: 'de-DE' }).view();
    expect(totals[0]?.values).toEqual([{ kind: 'number', number: 1.5, text: '1,5 h' }]);
  });

  test('times are told in the reader’s zone, and carry the instant', () => {
    const issues = [at(1, '2024-07-01T22:30:00.000+0000')];
    const session = openSession(issues, { columns: [column('created')] }, { timeZone: 'Europe/Berlin' });
    expect(allRows(session)[0]?.cells[0]?.values).toEqual([
      { kind: 'date', text: '2 Jul 2024, 00:30', iso: '2024-07-01T22:30:00.000Z' },
    ]);
  });

  test.each(['America/St_Johns', 'Asia/Kolkata', 'Pacific/Auckland'])(
    'the period of a group is the period of the filter in %s',
    (timeZone) => {
      const issues = Array.from({ length: 24 * 5 }, (_, hour) =>
        at(hour, new Date(Date.UTC(2024, 2, 30, hour)).toISOString()),
      );
      const filters = [
        { of: field('created'), operator: 'between' as const, values: ['2024-04-01', '2024-04-30'] },
      ];
      const groups = [group('created', { by: 'month' })];
      const session = openSession(issues, { filters, groups }, { timeZone });
      expect(groupLines(session)).toHaveLength(1);
      expect(groupLines(session)[0]).toMatch(/^Apr 2024/);
    },
  );

  test('rows come in the order of the column that was chosen, groups or not', () => {
    const issues = [3, 1, 2].map((points, index) => issue(index + 1, { customfield_10016: points }));
    const sort = [{ of: field('customfield_10016'), direction: 'descending' as const }];
    const keys = (groups: ReturnType<typeof group>[]) => {
      const session = openSession(issues, { sort, groups });
      session.expand('all');
      return allRows(session).flatMap((row) => (row.kind === 'issue' ? [row.key] : []));
    };
    expect(keys([])).toEqual(['A-1', 'A-3', 'A-2']);
    expect(keys([group('project')])).toEqual(['A-1', 'A-3', 'A-2']);
  });

  test('what is collapsed is no row of the view, which is what exports write', () => {
    const session = new EngineSession(definition({ groups: [group('assignee')] }), contextOf(), NOW);
    session.add(FAMILY);
    session.refresh();
    expect(session.expand('all').rowCount).toBe(5);
    const view = session.expand(0);
    expect(view.rowCount).toBe(2);
    expect(session.rows(0, Number.MAX_SAFE_INTEGER).rows.map(({ kind }) => kind)).toEqual(['group', 'group']);
  });
});

async function loaded(count: number, behaviour: Partial<JiraBehaviour>) {
  const clock = new VirtualClock(7);
  const stored = Array.from({ length: count }, (_, index) => ({
    id: String(1000 + index),
    key: `A-${index + 1}`,
    created: Date.UTC(2024, 0, 1) + index * 60_000_000,
    matches: true,
    fields: { summary: `Issue ${index}` },
  }));
  const issues: RawIssue[] = [];
  const onIssues = (page: readonly RawIssue[]) => issues.push(...page);
  const request = { jql: 'project = A', fields: ['summary'], onIssues, onProgress: () => {} };
  const result = await clock.run(load(new SimulatedJira(stored, clock, behaviour), request, clock));
  return { result, issues };
}
