import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contextOf } from '../../../tests/generated-issues';
import { issue, lines, openSession, textOfValue } from '../../../tests/tables';
import type { FieldKind } from '../protocol';
import { readDate } from './date';
import { readNumber } from './number';
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
    ['unknown', { id: '5', size: 3, mimeType: 'text/plain' }, '5'],
    ['unknown', { id: '5', filename: 'log.txt' }, 'log.txt'],
    ['unknown', '{"name":"App"}', 'App'],
    ['unknown', '{pullrequest={dataType=pullrequest, state=OPEN}}', undefined],
    ['unknown', '{not json', '{not json'],
    ['unknown', { ongoingCycle: { remainingTime: { friendly: '2h 5m' } } }, '2h 5m'],
    ['unknown', { completedCycles: [{ breached: true }] }, 'Breached'],
    ['unknown', {}, undefined],
    ['unknown', 7, '7'],
  ])('%s %j as %j', (kind, raw, name) => {
    expect(shown(kind, raw)).toBe(name);
  });

  test('documents as plain text', () => {
    const text = (...parts: string[]) => ({
      type: 'paragraph',
      content: parts.map((part) => ({ type: 'text', text: part, marks: [{ type: 'strong' }] })),
    });
    const items = ['one', 'two'].map((item) => ({ type: 'listItem', content: [text(item)] }));
    const mention = {
      type: 'paragraph',
      content: [
        { type: 'mention', attrs: { id: 'x', text: '@Ada' } },
        { type: 'hardBreak' },
        { type: 'emoji', attrs: { shortName: ':smile:' } },
        { type: 'date', attrs: { timestamp: '1704067200000' } },
      ],
    };
    const document = {
      type: 'doc',
      version: 1,
      content: [text('Hello ', 'world'), { type: 'bulletList', content: items }, mention],
    };
    expect(shown('text', document)).toBe('Hello world\none\ntwo\n@Ada\n:smile:2024-01-01');
  });
});

test('no value of any shape is ever shown as JSON', () => {
  const kinds = fc.constantFrom<FieldKind>(
    'text',
    'user',
    'option',
    'label',
    'component',
    'version',
    'sprint',
    'status',
    'priority',
    'resolution',
    'project',
    'issuetype',
    'issue',
    'boolean',
    'unknown',
    'key',
    'number',
    'date',
    'duration',
    'progress',
  );
  const object = fc.object({
    key: fc.constantFrom('id', 'name', 'value', 'child', 'x', 'type', 'fields'),
    values: [fc.integer(), fc.constantFrom('a', 'b'), fc.boolean(), fc.constant(null)],
  });
  const property = fc.property(kinds, fc.oneof(object, fc.array(object)), (kind, raw) => {
    const fields = [{ id: 'x', name: 'X', kind, multiple: false }];
    const text = lines(
      openSession([issue(1, { x: raw })], { columns: [{ of: { field: 'x' } }] }, { fields }),
    ).join();
    expect(text).not.toMatch(/\[object|[{}]|NaN|undefined|Invalid/);
  });
  fc.assert(property, { numRuns: 400 });
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
    [{ other: 1 }, Number.NaN],
  ])('%j is %d', (raw, number) => {
    expect(readNumber(raw)).toBe(number);
  });
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

  test.each([null, '', 'tomorrow', {}])('%j is none', (raw) => {
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
