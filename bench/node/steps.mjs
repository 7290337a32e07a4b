// What one change to a report costs over issues held, beside computing all of it; prints medians as JSON.
// Use: node steps.mjs ISSUES
import { openSession } from '../../.cache/bench/engine.mjs';
import { BASE, COLUMNS, GROUPS, turned } from './report.mjs';
import { median, summary, timed } from './timing.mjs';

const ROUNDS = 31;
const FIRSTS = 5;
const issues = Number(process.argv[2] ?? 100_000);
const TEXT = { of: { field: 'summary' } };
const grouped = { ...BASE, groups: GROUPS };
const by = (id, direction) => ({ ...BASE, sort: [{ of: { field: id }, direction }] });
const direction = (round) => (round % 2 ? 'ascending' : 'descending');

const session = openSession(issues, { ...grouped, columns: [...COLUMNS, TEXT] });

/** The first sort by a column, then ready and not ready, each of a session of its own: medians of few. */
function firstSorts() {
  const runs = Array.from({ length: FIRSTS }, firstSort);
  return Object.fromEntries(
    Object.keys(runs[0]).map((name) => [name, { cpu: median(runs.map((run) => run[name].cpu)) }]),
  );
}

function firstSort() {
  const cold = openSession(issues, { ...BASE, columns: [TEXT] });
  const unready = timed(() => void cold.define(by('summary')));
  const session = openSession(issues, { ...BASE, columns: [TEXT] });
  const ready = timed(() => {
    while (session.prepare());
  });
  return {
    'sort by text, the first, without time to get ready': unready,
    'getting ready while idle': ready,
    'sort by text, the first': timed(() => void session.define(by('summary'))),
  };
}

const filters = (text) => [{ of: { field: 'summary' }, operator: 'contains', values: [text] }];
const typed = ['a', 'an', 'and', 'andr', 'andro', 'androi', 'android', 'android c', 'android cr'];
const sums = ['sum', 'average', 'minimum', 'maximum', 'range'];
const added = ['sum', 'median', 'count distinct', 'standard deviation'];

/** Each leaves the grouped report behind as it found it, so that the next begins at the same place. */
const steps = {
  'everything again': (round) => session.define({ ...grouped, groups: turned(GROUPS, round) }),
  'collapse a group': () => session.toggle(session.rows(0, 1).rows[0].path),
  'expand all groups': (round) => session.expand(round % 2),
  'expand all issues': () => session.expand('all'),
  'add a column': (round) =>
    session.define({
      ...grouped,
      columns: [...COLUMNS, { of: { field: 'timespent' }, aggregate: added[round % added.length] }],
    }),
  'change an aggregate': (round) =>
    session.define({
      ...grouped,
      columns: [{ ...COLUMNS[1], aggregate: sums[round % sums.length] }, ...COLUMNS.slice(2)],
    }),
  'change the innermost group': (round) =>
    session.define({
      ...grouped,
      groups: [...GROUPS.slice(0, 2), { ...GROUPS[2], direction: direction(round) }],
    }),
  'sort by text again': (round) => session.define(by('summary', direction(round))),
  'filter while typing': (round) =>
    session.define({ ...grouped, filters: filters(typed[round % typed.length]) }),
};

const first = firstSorts();
const runs = Object.fromEntries(Object.keys(steps).map((name) => [name, []]));
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, step] of Object.entries(steps)) {
    session.define(grouped);
    session.expand(name === 'collapse a group' ? 1 : 0);
    runs[name].push(
      timed(() => {
        step(round);
        session.rows(0, 60);
      }),
    );
  }
}

const medians = Object.fromEntries(Object.entries(runs).map(([name, one]) => [name, summary(one)]));
process.stdout.write(JSON.stringify({ issues, first, medians }));
