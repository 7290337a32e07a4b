import { describe, expect, test } from 'vitest';
import known from '../../../../core/definition/fields.json';
import table from '../../../../core/definition/functions.json';
import { issue, lines, openSession } from '../../../tests/tables';
import type { FieldKind, FieldMetadata } from '../protocol';
import { CALLS } from './compile';

const issues = [
  issue(1, {
    summary: 'Android: crash [iOS]?',
    status: { id: '1', name: 'Open', statusCategory: { key: 'new' } },
    created: '2024-02-01T10:00:00.000+0000',
    duedate: '2024-02-20',
    timespent: 5400,
    timeoriginalestimate: 7200,
    labels: ['regression', 'ios'],
    components: [{ id: '1', name: 'Engine' }],
    customfield_10016: 3,
  }),
];

/** Jira's own fields as the server knows them, and the custom ones of the examples. */
const fields: FieldMetadata[] = [
  ...Object.entries(known as Record<string, { kind: string; multiple?: boolean }>).map(([id, field]) => ({
    id,
    name: id,
    kind: field.kind as FieldKind,
    multiple: field.multiple === true,
  })),
  { id: 'customfield_10016', name: 'Story points', kind: 'number', multiple: false },
  { id: 'customfield_10050', name: 'Size', kind: 'text', multiple: false },
];

function shown(expression: string): string | undefined {
  const formulas = [{ id: 'f', name: 'F', expression }];
  const session = openSession(issues, { columns: [{ of: { formula: 'f' } }], formulas }, { fields });
  return lines(session)[0]?.slice(5);
}

const cases = table.flatMap(({ name, cases: own }) =>
  Object.entries(own).map(([expression, gives]) => ({ name, expression, gives: gives as unknown })),
);

test.each(cases)('$expression gives $gives', ({ expression, gives }) => {
  const text = gives === null ? '–' : typeof gives === 'boolean' ? (gives ? 'Yes' : 'No') : String(gives);
  const asText = `coalesce(text(${expression}), "–")`;
  expect(shown(asText)).toBe(text);
});

describe('every function of the table', () => {
  test.each(table.map(({ name }) => name))('%s is computed', (name) => {
    expect(CALLS.has(name)).toBe(true);
  });

  test('and no other one', () => {
    expect([...CALLS.keys()].sort()).toEqual(table.map(({ name }) => name).sort());
  });

  test.each(table)('$name: its example is computed', ({ example }) => {
    expect(shown(example)).not.toMatch(/cannot be computed|It reads/);
  });
});

test('columns of fields can be read by a formula', () => {
  expect(shown('concat(issuekey, " ", status, " ", join(labels, "/"))')).toBe('A-1 Open regression/ios');
});
