// Regrouping, by our engine and by its peers in turn, over the same issues; prints medians as JSON.
// Use: node regroup.mjs ISSUES
import { issuePages, openSession } from '../../.cache/bench/engine.mjs';
import { plainRows } from './columns.mjs';
import * as arquero from './peers/arquero.mjs';
import * as d3 from './peers/d3.mjs';
import * as tanstack8 from './peers/tanstack-8.mjs';
import * as tanstack9 from './peers/tanstack-9.mjs';
import { assertEqual, BASE, GROUPS, groupsOfSession, OTHER_GROUPS, turned } from './report.mjs';
import { summary, timed } from './timing.mjs';

const ROUNDS = 41;

/** Peers that need seconds a run do fewer. */
const SLOW_ROUNDS = 5;

const issues = Number(process.argv[2] ?? 100_000);
const session = openSession(issues, { ...BASE, groups: [...GROUPS, ...OTHER_GROUPS.flat()] });
const rows = [...plainRows(issuePages(issues))];

session.define({ ...BASE, groups: GROUPS });
const ours = groupsOfSession(session);
session.expand(0);

/** A window of rows is read too, as the page does after each change. */
function regroup(groups, round) {
  session.define({ ...BASE, groups: turned(groups, round) });
  session.rows(0, 60);
}

const runs = { ours: [], 'ours, by month': [], 'ours, several values': [] };
const peers = [arquero, d3, tanstack8, tanstack9].map((peer) => peer.prepare(rows));
for (const peer of peers) {
  const theirs = peer.groups(peer.regroup());
  const expected = new Map(ours);
  if (!theirs.has('')) expected.delete('');
  assertEqual(expected, theirs, peer.name);
  runs[peer.name] = [];
}
runs['arquero, innermost alone'] = [];

for (let round = 0; round < ROUNDS; round++) {
  runs.ours.push(timed(() => regroup(GROUPS, round)));
  runs['ours, by month'].push(timed(() => regroup(OTHER_GROUPS[0], round)));
  runs['ours, several values'].push(timed(() => regroup(OTHER_GROUPS[1], round)));
  for (const [at, peer] of peers.entries()) {
    if (at < 2 || round < SLOW_ROUNDS) runs[peer.name].push(timed(() => void peer.regroup()));
  }
  runs['arquero, innermost alone'].push(timed(() => void peers[0].innermost()));
}

const medians = Object.fromEntries(Object.entries(runs).map(([name, one]) => [name, summary(one)]));
process.stdout.write(JSON.stringify({ issues, groups: ours.size, medians }));
