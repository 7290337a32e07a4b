// Regrouping and sorting so many issues, ours and arquero's in turn; prints medians as JSON.
// Use: node growth.mjs ISSUES
import { issuePages, openSession } from '../../.cache/bench/engine.mjs';
import { plainRows } from './columns.mjs';
import * as arquero from './peers/arquero.mjs';
import { BASE, GROUPS, turned } from './report.mjs';
import { summary, timed } from './timing.mjs';

const issues = Number(process.argv[2] ?? 100_000);
const rounds = issues > 200_000 ? 7 : 21;
const TEXT = { of: { field: 'summary' } };

const before = process.memoryUsage();
const loaded = timed(() =>
  openSession(issues, { ...BASE, groups: GROUPS, columns: [...BASE.columns, TEXT] }),
);
const session = loaded.result;
globalThis.gc?.();
const held = process.memoryUsage();

const sort = (direction) => session.define({ ...BASE, sort: [{ ...TEXT, direction }] });
const ready = timed(() => {
  while (session.prepare());
});
const first = timed(() => sort('ascending'));
const peer = arquero.prepare([...plainRows(issuePages(issues))]);
const runs = { regroup: [], sort: [], arquero: [] };
for (let round = 0; round < rounds; round++) {
  runs.regroup.push(timed(() => session.define({ ...BASE, groups: turned(GROUPS, round) })));
  runs.sort.push(timed(() => sort(round % 2 ? 'ascending' : 'descending')));
  runs.arquero.push(timed(() => void peer.regroup()));
}
session.define({ ...BASE, groups: GROUPS });
const everything = timed(() => session.expand('all').rowCount);

const bytes = ({ heapUsed, arrayBuffers }) => heapUsed + arrayBuffers;
const medians = Object.fromEntries(Object.entries(runs).map(([name, one]) => [name, summary(one)]));
process.stdout.write(
  JSON.stringify({
    issues,
    medians,
    load: loaded.cpu,
    ready: ready.cpu,
    first: first.cpu,
    expanded: { ms: everything.cpu, rows: everything.result },
    bytes: bytes(held) - bytes(before),
  }),
);
