import { op, table } from 'arquero';
import { typedColumns } from '../columns.mjs';

const KEYS = ['status', 'priority', 'assignee'];

const AGGREGATES = {
  count: op.count(),
  estimate: op.sum('estimate'),
  spent: op.mean('spent'),
  points: op.sum('points'),
  created: op.max('created'),
};

export function prepare(rows) {
  const { names, columns } = typedColumns(rows);
  const held = table(columns);
  const rollup = (keys) => (keys.length ? held.groupby(...keys) : held).rollup(AGGREGATES);
  return {
    name: 'arquero 7.2.0',
    regroup: () => [0, 1, 2, 3].map((depth) => rollup(KEYS.slice(0, depth))),
    innermost: () => [rollup(KEYS)],
    groups: (tables) => new Map(tables.flatMap((one, depth) => read(one, KEYS.slice(0, depth), names))),
  };
}

function read(one, keys, names) {
  return one.objects({ limit: Number.POSITIVE_INFINITY }).map((row) => {
    const path = keys.map((key) => names[key][row[key]]).join(' / ');
    return [path, [row.count, row.estimate, row.spent, row.points, row.created]];
  });
}
