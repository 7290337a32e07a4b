import fc from 'fast-check';
import { expect, test } from 'vitest';
import { generateIssues } from '../../tests/generated-issues';
import { allRows, column, field, group, openSession, textOfCell } from '../../tests/tables';
import type { Aggregate, Filter, Group } from '../definition';
import type { GroupRow, RawIssue } from './protocol';
import type { EngineSession } from './session';

const AGGREGATES: readonly Aggregate[] = [
  'count',
  'count distinct',
  'count empty',
  'sum',
  'average',
  'minimum',
  'maximum',
  'range',
  'median',
  'standard deviation',
  { percentile: 85 },
  { share: 'parent' },
  { share: 'total' },
];

const groups = fc.array(
  fc.constantFrom<Group>(
    group('status'),
    group('components'),
    group('components', { values: 'combined' }),
    group('components', { values: 'first', direction: 'descending' }),
    group('components', { limit: 3 }),
    group('assignee', { by: 'first letter' }),
    group('assignee', {
      orderBy: { of: field('timespent'), aggregate: 'sum' },
      direction: 'descending',
      limit: 5,
    }),
    group('priority', { empty: 'first' }),
    group('created', { by: 'quarter' }),
    group('duedate', { by: 'week' }),
    group('customfield_10016', { by: 'range', step: 2 }),
    group('project'),
  ),
  { maxLength: 3 },
);
const sizes = fc.integer({ min: 0, max: 60 });
const columns = AGGREGATES.map((aggregate) => column('customfield_10016', aggregate));

function snapshot(session: EngineSession) {
  return { rows: allRows(session), totals: session.view().totals };
}

test('the order in which issues come never matters', () => {
  const property = fc.property(sizes, fc.integer(), groups, (size, seed, rules) => {
    const issues = generateIssues(size, seed);
    const shuffled = [...issues].sort((left, right) => hash(left.id + seed) - hash(right.id + seed));
    const one = openSession(issues, { columns, groups: rules });
    const other = openSession([], { columns, groups: rules });
    for (const issue of shuffled) other.add([issue]);
    other.refresh();
    expect(rounded(snapshot(other))).toEqual(rounded(snapshot(one)));
  });
  fc.assert(property, { numRuns: 80 });
});

function hash(text: string): number {
  let mixed = 7;
  for (const char of text) mixed = Math.imul(mixed ^ char.charCodeAt(0), 0x01000193);
  return mixed;
}

/** Averages of the same numbers in another order differ in their last digits. */
function rounded(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, inner) => (typeof inner === 'number' ? Number(inner.toPrecision(9)) : inner)),
  );
}

test('a group’s totals are those of a report over its distinct issues alone', () => {
  const property = fc.property(sizes, fc.integer(), groups, (size, seed, rules) => {
    const issues = generateIssues(size, seed);
    const byKey = new Map(issues.map((issue) => [issue.key, issue]));
    const plain = AGGREGATES.filter(
      (aggregate) => typeof aggregate === 'string' || !('share' in aggregate),
    ).map((aggregate) => column('timespent', aggregate));
    const session = openSession(issues, { columns: plain, groups: rules });
    session.expand('all');
    for (const { row, keys } of membersOf(session)) {
      const alone = openSession(
        [...keys].map((key) => byKey.get(key) as RawIssue),
        { columns: plain },
      );
      expect(row.count).toBe(keys.size);
      expect(row.cells.map(textOfCell)).toEqual(alone.view().totals.map(textOfCell));
    }
  });
  fc.assert(property, { numRuns: 40 });
});

/** Each group row with the keys of all issues shown below it. */
function membersOf(session: EngineSession): readonly { row: GroupRow; keys: ReadonlySet<string> }[] {
  const open: { row: GroupRow; keys: Set<string> }[] = [];
  const all: { row: GroupRow; keys: Set<string> }[] = [];
  for (const row of allRows(session)) {
    while (open.length > row.depth) open.pop();
    if (row.kind === 'issue') {
      for (const { keys } of open) keys.add(row.key);
      continue;
    }
    const group = { row, keys: new Set<string>() };
    open.push(group);
    all.push(group);
  }
  return all;
}

const filters = fc.constantFrom<Filter>(
  { of: field('status'), operator: 'any of', values: ['1', '6'] },
  { of: field('components'), operator: 'none of', values: ['3', '4', '5'] },
  { of: field('timespent'), operator: 'greater', values: [7200] },
  { of: field('assignee'), operator: 'is not empty' },
  { of: field('created'), operator: 'before', values: ['2019-06-01'] },
);

test('filtering and then grouping is grouping what the filter keeps', () => {
  const property = fc.property(sizes, fc.integer(), groups, filters, (size, seed, rules, filter) => {
    const issues = generateIssues(size, seed);
    const filtered = openSession(issues, { columns, groups: rules, filters: [filter] });
    const kept = new Set(
      allRows(openSession(issues, { filters: [filter] })).map((row) => (row.kind === 'issue' ? row.key : '')),
    );
    const alone = openSession(
      issues.filter(({ key }) => kept.has(key)),
      { columns, groups: rules },
    );
    expect(filtered.view().issueCount).toBe(kept.size);
    expect(rounded(snapshot(filtered))).toEqual(rounded(snapshot(alone)));
  });
  fc.assert(property, { numRuns: 80 });
});

test('a definition gives the same after others over the same issues', () => {
  const property = fc.property(fc.integer(), groups, groups, (seed, rules, others) => {
    const issues = generateIssues(40, seed);
    const base = { jql: 'project = A', columns };
    const session = openSession(issues, { columns, groups: [...rules, ...others] });
    session.define({ ...base, groups: others });
    session.define({ ...base, groups: rules, sort: [{ of: field('timespent') }] });
    session.define({ ...base, groups: rules });
    const fresh = openSession(issues, { columns, groups: rules });
    expect(snapshot(session)).toEqual(snapshot(fresh));
  });
  fc.assert(property, { numRuns: 40 });
});
