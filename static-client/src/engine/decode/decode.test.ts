import { describe, expect, test } from 'vitest';
import { contextOf } from '../../../tests/generated-issues';
import { textOfValue } from '../../../tests/tables';
import type { FieldKind } from '../protocol';
import { readDate } from './date';
import { readNumber, readProgress } from './number';
import { readerOf } from './reader';

function shown(kind: FieldKind, raw: unknown): string | undefined {
  return readerOf(kind, contextOf())(raw)?.name;
}

const OLD_SPRINT =
  'com.atlassian.greenhopper.service.sprint.Sprint@1f[id=7,rapidViewId=3,state=CLOSED,name=Sprint 4, the last,startDate=2024-01-08T09:00:00.000Z,endDate=<null>,goal=]';

describe('values are shown as a person reads them', () => {
  test.each<[FieldKind, unknown, string | undefined]>([
    ['text', 'Plain', 'Plain'],
    ['text', '[1]', '[1]'],
    ['text', '  ', undefined],
    ['user', { accountId: 'x', displayName: 'Ada' }, 'Ada'],
    ['user', { accountId: 'x' }, 'x'],
    ['option', { id: '1', value: 'Red', self: 'https://…' }, 'Red'],
    ['option', { id: '1', value: 'Europe', child: { id: '2', value: 'Malta' } }, 'Europe › Malta'],
    ['option', { name: 'jira-users', groupId: 'g' }, 'jira-users'],
    ['label', 'urgent', 'urgent'],
    ['component', { id: '1', name: 'API' }, 'API'],
    ['version', { id: '1', name: '1.0', released: true }, '1.0'],
    ['sprint', { id: 7, name: 'Sprint 4', state: 'active' }, 'Sprint 4'],
    ['sprint', OLD_SPRINT, 'Sprint 4, the last'],
    ['status', { id: '1', name: 'Open', statusCategory: { key: 'new' } }, 'Open'],
    ['priority', { id: '2', name: 'High' }, 'High'],
    ['resolution', { id: '1', name: 'Done' }, 'Done'],
    ['project', { id: '1', key: 'A', name: 'Alpha' }, 'Alpha'],
    ['issuetype', { id: '1', name: 'Bug', subtask: false }, 'Bug'],
    ['issue', { id: '9', key: 'A-9', fields: { summary: 'Epic' } }, 'A-9'],
    ['issue', 'A-9', 'A-9'],
    ['issue', { hasEpicLinkFieldDependency: false, data: { key: 'A-3' } }, 'A-3'],
    [
      'issue',
      { type: { inward: 'is blocked by', outward: 'blocks' }, outwardIssue: { key: 'A-2' } },
      'blocks A-2',
    ],
    [
      'issue',
      { type: { inward: 'is blocked by', outward: 'blocks' }, inwardIssue: { key: 'A-4' } },
      'is blocked by A-4',
    ],
    ['boolean', true, 'Yes'],
    ['boolean', false, 'No'],
    ['unknown', { name: 'n' }, 'n'],
    ['unknown', { requestType: { id: '1', name: 'Get help' }, _links: { name: 'x' } }, 'Get help'],
    ['unknown', { id: '5', size: 3, mimeType: 'text/plain' }, 'size: 3, mimeType: text/plain'],
    ['unknown', { id: '5', self: 'https://…' }, '5'],
    ['unknown', { id: '5', filename: 'log.txt' }, 'log.txt'],
    ['unknown', '{"name":"App"}', 'App'],
    ['unknown', '{not json', '{not json'],
    ['unknown', { ongoingCycle: { remainingTime: { friendly: '2h 5m' } } }, '2h 5m'],
    ['unknown', { completedCycles: [{ breached: true }] }, 'Breached'],
    ['unknown', {}, undefined],
    ['status', { id: 4, key: 'indeterminate', colorName: 'yellow', name: 'In Progress' }, 'In Progress'],
    ['rank', '0|i0001:', '0|i0001:'],
    ['option', { id: 'ari:cloud:team/7', name: 'Blue' }, 'Blue'],
    ['option', { languageCode: 'de', displayName: 'German' }, 'German'],
    ['option', { requestType: { id: '1', name: 'Get help' }, currentStatus: { status: 'Open' } }, 'Get help'],
    ['unknown', { id: '1', name: 'Change', finalDecision: 'approved', approvers: [] }, 'Change: approved'],
    ['unknown', { issuerestrictions: { projectrole: [{ id: '1', name: 'Developers' }] } }, 'Developers'],
    ['unknown', { issuerestrictions: {}, shouldDisplay: false }, 'shouldDisplay: No'],
    ['unknown', '{"start":"2024-01-01","end":"2024-03-31"}', '2024-01-01 to 2024-03-31'],
    ['unknown', '[{"name":"Write","checked":true},{"name":"Ship","checked":false}]', '☑ Write, ☐ Ship'],
    ['unknown', { id: '1', name: 'Sales', key: 'ACC' }, 'Sales'],
    ['unknown', { workspaceId: 'w', id: 'w:7', objectId: '7' }, 'workspaceId: w, objectId: 7'],
    ['unknown', [{ value: 'a' }, { value: 'a' }, { value: 'b' }], 'a, b'],
    ['unknown', { config: '{"a":1}' }, 'config: a: 1'],
    [
      'unknown',
      { timeSpent: '4h', originalEstimate: '1d', timeSpentSeconds: 14400 },
      '4h logged, 1d estimated',
    ],
    ['unknown', '10000_*:*_1_*:*_93780000_*|*_3_*:*_2_*:*_0', '1d 2h 3m in status 10000, 0m in status 3'],
    ['unknown', '{pullrequest={dataType=pullrequest, state=OPEN, stateCount=2}}', '2 pull requests (open)'],
    ['unknown', '{}', undefined],
    ['unknown', '{build={dataType=build}}', undefined],
    ['unknown', '{size=3, colour=red}', 'size=3, colour=red'],
    ['unknown', 7, '7'],
  ])('%s %j as %j', (kind, raw, name) => {
    expect(shown(kind, raw)).toBe(name);
  });
});

describe('numbers', () => {
  test.each([
    [5, 5],
    [0, 0],
    ['2.5', 2.5],
    ['', Number.NaN],
    [null, Number.NaN],
    [{ votes: 3, hasVoted: false }, 3],
    [{ watchCount: 2 }, 2],
    [{ total: 4, comments: [] }, 4],
    [{ progress: 30, total: 120 }, 25],
    [{ progress: 0, total: 0 }, Number.NaN],
    [{ progress: 30, total: 120, percent: 26 }, 26],
    [{ rating: 4, comment: { body: 'Fine' } }, 4],
    [[{ id: '1', filename: 'a.txt' }, { id: '2' }], 2],
    [[{ id: '1' }], 1],
    [[], 0],
    [[7], 7],
    [{ other: 1 }, Number.NaN],
  ])('%j is %d', (raw, number) => {
    expect(readNumber(raw)).toBe(number);
  });
});

test('a work ratio of -1 is none: nothing was estimated', () => {
  expect(readProgress(-1)).toBeNaN();
  expect(readProgress(150)).toBe(150);
});

describe('dates', () => {
  test.each([
    ['2024-05-01', '2024-05-01T00:00:00.000Z'],
    ['2024-05-01T10:00:00.000+0200', '2024-05-01T08:00:00.000Z'],
    ['2024-05-01T10:00:00.000-0330', '2024-05-01T13:30:00.000Z'],
    ['2024-05-01T10:00:00Z', '2024-05-01T10:00:00.000Z'],
  ])('%s is %s', (raw, iso) => {
    expect(new Date(readDate(raw)).toISOString()).toBe(iso);
  });

  test.each([null, '', 'tomorrow', {}, 1e16, Number.POSITIVE_INFINITY])('%j is none', (raw) => {
    expect(readDate(raw)).toBeNaN();
  });
});

test('values carry what draws them', () => {
  const read = (kind: FieldKind, raw: unknown) => readerOf(kind, contextOf())(raw)?.value;
  expect(
    read('user', {
      accountId: 'x',
      displayName: 'Ada',
      active: false,
      avatarUrls: { '24x24': 'https://a/24' },
    }),
  ).toEqual({
    kind: 'user',
    accountId: 'x',
    text: 'Ada',
    active: false,
    avatarUrl: 'https://a/24',
  });
  expect(read('status', { id: '1', name: 'X', statusCategory: { key: 'indeterminate' } })).toMatchObject({
    category: 'indeterminate',
  });
  expect(read('status', { id: '1', name: 'X' })).toMatchObject({ category: 'undefined' });
  expect(read('issuetype', { id: '1', name: 'Sub-task', subtask: true, iconUrl: 'https://i' })).toMatchObject(
    { subtask: true, iconUrl: 'https://i' },
  );
  expect(
    textOfValue(
      read('priority', { id: '1', name: 'High', iconUrl: 'https://p' }) ?? { kind: 'key', key: '' },
    ),
  ).toBe('High');
});

describe('the development panel’s summary', () => {
  test('is told in words', () => {
    const summary = {
      pullrequest: { overall: { count: 1, state: 'MERGED', stateCount: 1 } },
      repository: { overall: { count: 3, lastUpdated: '2024-01-01T00:00:00.000+0000' } },
      build: { overall: { count: 0 } },
    };
    const json = JSON.stringify({ cachedValue: { errors: [], summary }, isStale: true });
    const raw = `{pullrequest={dataType=pullrequest, state=MERGED, stateCount=1}, json=${json}}`;
    expect(shown('unknown', raw)).toBe('1 pull request (merged), 3 commits');
  });
});

test('service levels of one id are told apart, and are in order of what is left', () => {
  const level = (millis: number, friendly: string) => ({
    id: '7',
    name: 'Time to resolution',
    ongoingCycle: { breached: millis < 0, remainingTime: { millis, friendly } },
  });
  const read = readerOf('unknown', contextOf());
  expect(read(level(7_500_000, '2h 5m'))).toEqual({
    id: '2h 5m',
    name: '2h 5m',
    alias: '7',
    order: 7_500_000,
  });
  expect(read(level(-60_000, '-1m'))?.id).toBe('-1m');
});

test('versions and sprints know where they stand', () => {
  const value = (kind: FieldKind, raw: unknown) => readerOf(kind, contextOf())(raw)?.value;
  expect(value('version', { id: '1', name: '1.0', released: true, archived: true })).toMatchObject({
    state: 'archived',
  });
  expect(value('version', { id: '1', name: '1.0', released: true })).toMatchObject({ state: 'released' });
  expect(value('version', { id: '1', name: '1.0' })).toMatchObject({ state: 'unreleased' });
  expect(value('sprint', { id: 1, name: 'S', state: 'ACTIVE' })).toMatchObject({ state: 'active' });
  expect(value('sprint', OLD_SPRINT)).toMatchObject({ state: 'closed' });
});
