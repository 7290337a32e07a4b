// Formulas over so many issues, each computed anew for every row; prints medians as JSON.
// Use: node formulas.mjs ISSUES
import { openSession } from '../../.cache/bench/engine.mjs';
import { BASE } from './report.mjs';
import { summary, timed } from './timing.mjs';

const ROUNDS = 31;
const issues = Number(process.argv[2] ?? 100_000);

/** A formula of each sort, with an aggregate that looks at its value in every row. */
const FORMULAS = {
  arithmetic: ['(timeoriginalestimate - timespent) / 3600', 'sum'],
  dates: ['working_days_between(created, add_days(duedate, 14)) + weekday(created)', 'sum'],
  choice: [
    'if(timespent > timeoriginalestimate, "over", if(is_empty(timespent), "none", "within"))',
    'count empty',
  ],
  texts: ['concat(upper(status), ": ", left(summary, 20))', 'count empty'],
};

const fields = ['summary', 'status', 'created', 'duedate', 'timespent', 'timeoriginalestimate'];
const session = openSession(issues, { ...BASE, columns: fields.map((field) => ({ of: { field } })) });

/** What is kept of a formula is kept by its text, so that one more blank has it computed again. */
function compute([expression, aggregate], round) {
  session.define({
    ...BASE,
    columns: [{ of: { formula: 'f' }, aggregate }],
    formulas: [{ id: 'f', name: 'F', expression: expression + ' '.repeat(round) }],
  });
  const { notices, totals } = session.view();
  if (notices.length > 0 || totals[0].error !== undefined)
    throw new Error(`${expression}: ${notices.join()} ${totals[0]?.error}`);
  session.rows(0, 60);
}

const runs = Object.fromEntries(Object.keys(FORMULAS).map((name) => [name, []]));
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, formula] of Object.entries(FORMULAS))
    runs[name].push(timed(() => compute(formula, round)));
}

const medians = Object.fromEntries(Object.entries(runs).map(([name, one]) => [name, summary(one)]));
process.stdout.write(JSON.stringify({ issues, medians }));
