import { expect, test } from 'vitest';
import { generateIssues } from '../../tests/generated-issues';
import { column, field, lines, openSession } from '../../tests/tables';

const columns = ['summary', 'created', 'components', 'gone'].map((id) => column(id));
const sort = [{ of: field('summary'), direction: 'descending' as const }];

test('getting ready ends, changes nothing, and begins again when issues come', () => {
  const session = openSession(generateIssues(400), { columns });
  const before = lines(session);
  let pieces = 0;
  while (session.prepare()) pieces++;
  expect(pieces).toBe(3);
  expect(lines(session)).toEqual(before);
  session.add(generateIssues(500));
  session.refresh();
  expect(session.prepare()).toBe(true);
});

test('a sort is the same with and without getting ready', () => {
  const sorted = { jql: 'project = A', columns, sort };
  const ready = openSession(generateIssues(400), { columns });
  const fresh = openSession(generateIssues(400), { columns });
  while (ready.prepare());
  ready.define(sorted);
  fresh.define(sorted);
  expect(lines(ready)).toEqual(lines(fresh));
});
