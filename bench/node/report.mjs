// The report that every engine computes: three groups, five aggregates, and the totals of each level.

const field = (id) => ({ field: id });

export const GROUPS = ['status', 'priority', 'assignee'].map((id) => ({ of: field(id) }));

export const COLUMNS = [
  { of: field('issuekey'), aggregate: 'count' },
  { of: field('timeoriginalestimate'), aggregate: 'sum' },
  { of: field('timespent'), aggregate: 'average' },
  { of: field('customfield_10016'), aggregate: 'sum' },
  { of: field('created'), aggregate: 'maximum' },
];

export const BASE = { jql: 'project = A ORDER BY key', columns: COLUMNS };

export const OTHER_GROUPS = [
  [{ of: field('status') }, { of: field('assignee') }, { of: field('created'), by: 'month' }],
  [{ of: field('project') }, { of: field('components') }, { of: field('status') }],
];

/** Turned round, the first group has every level made anew: nothing kept from before is measured. */
export function turned([first, ...rest], round) {
  return [{ ...first, direction: round % 2 ? 'ascending' : 'descending' }, ...rest];
}

/** Every group's numbers by its path of names, as the engine shows them. */
export function groupsOfSession(session) {
  session.expand(GROUPS.length - 1);
  const { rowCount, totals } = session.view();
  const groups = new Map([['', totals.map(numberOf)]]);
  const path = [];
  for (const { depth, label, cells } of session.rows(0, rowCount).rows) {
    path.length = depth;
    path.push(label.values[0]?.text ?? '–');
    groups.set(path.join(' / '), cells.map(numberOf));
  }
  return groups;
}

function numberOf({ values: [value] }) {
  if (value === undefined) return null;
  return value.kind === 'date' ? Date.parse(value.iso) : (value.seconds ?? value.number);
}

/** Throws at the first group that two engines see differently; no values add up to 0 for some. */
export function assertEqual(ours, theirs, name) {
  if (ours.size !== theirs.size) throw new Error(`${name}: ${theirs.size} groups, not ${ours.size}`);
  for (const [path, numbers] of ours) {
    const other = theirs.get(path) ?? [];
    for (const [at, number] of numbers.entries()) {
      const difference = Math.abs((number ?? 0) - (other[at] ?? 0));
      if (difference > 1e-9 * Math.max(1, Math.abs(number)))
        throw new Error(`${name}: ${path}, aggregate ${at}: ${other[at]}, not ${number}`);
    }
  }
}
