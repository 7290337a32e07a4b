import { bench, describe } from 'vitest';
import { contextOf, generateIssues } from '../../tests/generated-issues';
import type { Column, Definition, Group } from '../definition';
import { EngineSession } from './session';

const columns: Column[] = [
  { of: { field: 'issuekey' }, aggregate: 'count' },
  { of: { field: 'timeoriginalestimate' }, aggregate: 'sum' },
  { of: { field: 'timespent' }, aggregate: 'average' },
  { of: { field: 'customfield_10016' }, aggregate: 'sum' },
  { of: { field: 'created' }, aggregate: 'maximum' },
];
const base: Definition = { jql: 'project = A ORDER BY key', columns };
const orders: Group[][] = [
  [{ of: { field: 'status' } }, { of: { field: 'priority' } }, { of: { field: 'assignee' } }],
  [{ of: { field: 'status' } }, { of: { field: 'assignee' } }, { of: { field: 'created' }, by: 'month' }],
  [{ of: { field: 'project' } }, { of: { field: 'components' } }, { of: { field: 'status' } }],
];

/** Turning the first group round has every level made anew: what an unchanged rule keeps is not measured. */
function turned([first, ...rest]: Group[], descending: boolean): Group[] {
  return first ? [{ ...first, direction: descending ? 'descending' : 'ascending' }, ...rest] : rest;
}

describe.each([12_500, 25_000, 50_000, 100_000])('%i issues, 5 aggregates', (count) => {
  const session = new EngineSession({ ...base, groups: orders.flat() }, contextOf(), 0);
  session.add(generateIssues(count));
  session.refresh();
  session.expand(0);
  for (const groups of orders) {
    const name = groups
      .map(({ of, by }) => ('field' in of ? of.field : '') + (by ? ` by ${by}` : ''))
      .join(', ');
    let descending = false;
    bench(`regroup by ${name}`, () => {
      descending = !descending;
      session.define({ ...base, groups: turned(groups, descending) });
    });
  }
});
