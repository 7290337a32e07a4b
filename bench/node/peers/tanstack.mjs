// What both versions of TanStack Table share: the columns, and reading every group.

export const KEYS = ['status', 'priority', 'assignee'];

export const COLUMNS = [
  ...KEYS.map((key) => ({ id: key, accessorKey: key })),
  { id: 'estimate', accessorKey: 'estimate', aggregationFn: 'sum' },
  { id: 'spent', accessorKey: 'spent', aggregationFn: 'mean' },
  { id: 'points', accessorKey: 'points', aggregationFn: 'sum' },
  { id: 'created', accessorKey: 'created', aggregationFn: 'max' },
];

/** Every group's aggregates are asked for, as they are computed no sooner; there is no group of the whole. */
export function readGroups(rows, path = [], found = []) {
  let issues = 0;
  for (const row of rows) {
    if (row.subRows.length === 0) {
      issues++;
      continue;
    }
    const here = [...path, row.getValue(KEYS[path.length])];
    const numbers = ['estimate', 'spent', 'points', 'created'].map((id) => row.getValue(id));
    const group = [here, [0, ...numbers]];
    found.push(group);
    group[1][0] = readGroups(row.subRows, here, found).issues;
    issues += group[1][0];
  }
  return Object.assign(found, { issues });
}
