import { describe, expect, test } from 'vitest';
import { readIssues, realFile } from '../../../tests/real-data';
import { NOW } from '../../../tests/tables';
import type { Definition } from '../../definition';
import { fieldMetadata } from '../../jira/fields';
import type { Value } from '../protocol';
import { EngineSession } from '../session';
import { LONGEST_SHOWN } from './shortened';

/** How the archive's site would describe its fields; what is not here has no schema at all. */
const FIELDS = [
  ['summary', 'string'],
  ['issuetype', 'issuetype'],
  ['project', 'project'],
  ['status', 'status'],
  ['priority', 'priority'],
  ['resolution', 'resolution'],
  ['created', 'datetime'],
  ['updated', 'datetime'],
  ['resolutiondate', 'datetime'],
  ['duedate', 'date'],
  ['labels', 'array', 'string'],
  ['components', 'array', 'component'],
  ['versions', 'array', 'version'],
  ['fixVersions', 'array', 'version'],
  ['assignee', 'user'],
  ['reporter', 'user'],
  ['creator', 'user'],
  ['issuelinks', 'array', 'issuelinks'],
  ['subtasks', 'array', 'issuelinks'],
  ['parent', undefined],
  ['flagged', 'boolean'],
  ['comment', 'comments-page'],
  ['attachment', 'array', 'attachment'],
  ['descriptionLength', 'number'],
  ['customfield_10016', 'number'],
  ['timeoriginalestimate', 'number'],
  ['timespent', 'number'],
  ['aggregatetimespent', 'number'],
  ['customfield_10020', 'array', 'json'],
] as const;

/** What tells the items of a list apart: two issues may be linked twice over, in both directions alike. */
function said(item: unknown): string {
  const link = item as { type?: { inward: string; outward: string }; inwardIssue?: { key: string } };
  if (!link.type) return JSON.stringify(item);
  const { outwardIssue } = item as { outwardIssue?: { key: string } };
  return outwardIssue
    ? `${link.type.outward} ${outwardIssue.key}`
    : `${link.type.inward} ${link.inwardIssue?.key}`;
}

const path = realFile('REAL_ISSUES');

describe.skipIf(path === undefined)('every value of 29,057 real issues', () => {
  const issues = path ? readIssues(path) : [];
  const fields = fieldMetadata(
    FIELDS.map(([id, type, items]) => {
      const custom = id === 'customfield_10020' && { custom: 'com.pyxis.greenhopper.jira:gh-sprint' };
      const system = !id.startsWith('customfield_') && { system: id };
      return {
        id,
        name: id,
        ...(type && { schema: { type, ...(items && { items }), ...custom, ...system } }),
      };
    }),
  );
  const definition: Definition = {
    jql: 'created is not EMPTY',
    columns: FIELDS.map(([id]) => ({ of: { field: id } })),
  };
  const session = new EngineSession(
    definition,
    {
      timeZone: 'Europe/Berlin',
      locale: 'en-GB',
      hoursPerDay: 8,
      daysPerWeek: 5,
      priorities: [],
      fields,
    },
    NOW,
  );
  session.add(issues);
  const { rowCount } = session.refresh();
  const { rows } = session.rows(0, rowCount);
  const rawById = new Map(issues.map(({ id, fields: raw }) => [id, raw]));
  const each = (visit: (values: readonly Value[], raw: unknown, id: string) => void) => {
    for (const row of rows) {
      const raw = row.kind === 'issue' ? rawById.get(row.id) : undefined;
      row.cells.forEach((cell, at) => {
        const id = FIELDS[at]?.[0] ?? '';
        visit(cell.values, raw?.[id], id);
      });
    }
  };

  test('is shown in words and never as JSON', () => {
    let shown = 0;
    const wrong: unknown[] = [];
    each((values, raw, id) => {
      for (const value of values) {
        const text = value.kind === 'key' ? value.key : value.text;
        const own = () => JSON.stringify(raw).includes(JSON.stringify(text));
        const cut = id === 'summary' && text.length === LONGEST_SHOWN;
        const right = cut || !/\[object|[{}]|NaN|undefined|Invalid Date/.test(text) || own();
        if (!right) wrong.push({ id, raw, text });
        shown++;
      }
    });
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(rows).toHaveLength(29_057);
    expect(shown).toBeGreaterThan(500_000);
  });

  test('is there where Jira has one, and only there', () => {
    const counted = new Set(['attachment', 'comment']);
    const wrong: unknown[] = [];
    each((values, raw, id) => {
      const list = Array.isArray(raw) ? new Set(raw.map(said)).size : undefined;
      const wanted = counted.has(id)
        ? 1
        : (list ?? (raw === null || raw === undefined || raw === '' ? 0 : 1));
      if (values.length !== wanted) wrong.push({ id, raw, values });
    });
    expect(wrong.slice(0, 3)).toEqual([]);
  });

  test('that stands for a person, version or sprint says how it stands', () => {
    const kinds = new Map<string, Set<string>>();
    each((values, _, id) => {
      const known = kinds.get(id) ?? new Set<string>();
      kinds.set(id, known);
      for (const value of values) {
        const state = value.kind === 'lozenge' ? value.state : value.kind === 'status' ? value.category : '';
        known.add(`${value.kind} ${state ?? ''}`.trim());
      }
    });
    const told = (id: string) => [...(kinds.get(id) ?? [])].sort();
    expect(told('assignee')).toEqual(['user']);
    expect(told('status')).toEqual(['status done', 'status indeterminate', 'status new']);
    expect(told('fixVersions')).toEqual(['lozenge archived', 'lozenge released', 'lozenge unreleased']);
    expect(told('customfield_10020')).toEqual(expect.arrayContaining(['lozenge closed']));
    expect(told('timespent')).toEqual(['duration']);
    expect(told('parent')).toEqual(['key']);
  });
});
