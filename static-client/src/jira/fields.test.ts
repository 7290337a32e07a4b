import { describe, expect, test } from 'vitest';
import type { FieldKind } from '../engine/protocol';
import { fieldMetadata } from './fields';

const CUSTOM = 'com.atlassian.jira.plugin.system.customfieldtypes';

describe('the kind of a field', () => {
  test.each<[string, object | undefined, FieldKind, boolean]>([
    ['issuekey', undefined, 'key', false],
    ['summary', { type: 'string', system: 'summary' }, 'text', false],
    ['parent', undefined, 'issue', false],
    ['timespent', { type: 'number', system: 'timespent' }, 'duration', false],
    ['aggregatetimespent', { type: 'number' }, 'duration', false],
    ['aggregateprogress', { type: 'progress' }, 'progress', false],
    ['votes', { type: 'votes' }, 'number', false],
    ['comment', { type: 'comments-page' }, 'number', false],
    ['worklog', { type: 'array', items: 'worklog' }, 'number', false],
    ['attachment', { type: 'array', items: 'attachment' }, 'number', false],
    ['workratio', { type: 'number' }, 'progress', false],
    ['statusCategory', undefined, 'status', false],
    ['labels', { type: 'array', items: 'string', system: 'labels' }, 'label', true],
    ['components', { type: 'array', items: 'component' }, 'component', true],
    ['fixVersions', { type: 'array', items: 'version' }, 'version', true],
    ['issuelinks', { type: 'array', items: 'issuelinks' }, 'issue', true],
    ['duedate', { type: 'date' }, 'date', false],
    ['created', { type: 'datetime' }, 'datetime', false],
    [
      'customfield_1',
      { type: 'array', items: 'json', custom: 'com.pyxis.greenhopper.jira:gh-sprint' },
      'sprint',
      true,
    ],
    ['customfield_2', { type: 'any', custom: 'com.pyxis.greenhopper.jira:gh-epic-link' }, 'issue', false],
    ['customfield_3', { type: 'array', items: 'user', custom: `${CUSTOM}:multiuserpicker` }, 'user', true],
    ['customfield_4', { type: 'option-with-child', custom: `${CUSTOM}:cascadingselect` }, 'option', false],
    ['customfield_5', { type: 'number', custom: `${CUSTOM}:float` }, 'number', false],
    ['customfield_6', { type: 'sd-servicelevelagreement', custom: 'x:sla' }, 'unknown', false],
    ['customfield_7', undefined, 'unknown', false],
    ['customfield_8', { type: 'string', custom: `${CUSTOM}:textarea` }, 'text', false],
    ['customfield_9', { type: 'string', custom: 'com.app.checklist:items' }, 'unknown', false],
    ['customfield_10', { type: 'array', items: 'string', custom: `${CUSTOM}:labels` }, 'label', true],
    [
      'customfield_11',
      { type: 'any', custom: 'com.tempoplugin.tempo-accounts:accounts.customfield' },
      'option',
      false,
    ],
    ['customfield_12', { type: 'any', custom: 'com.atlassian.jira.toolkit:participants' }, 'user', true],
  ])('%s with %j is %s', (id, schema, kind, multiple) => {
    expect(fieldMetadata([{ id, name: 'Name', ...(schema && { schema }) }])).toEqual([
      { id, name: 'Name', kind, multiple },
    ]);
  });

  test('what is no list of fields gives none', () => {
    expect(fieldMetadata({ errorMessages: [] })).toEqual([]);
    expect(fieldMetadata([null, 'x', { name: 'no id' }])).toEqual([]);
  });
});
