import { max, mean, rollup, sum } from 'd3-array';

const KEYS = [(row) => row.status, (row) => row.priority, (row) => row.assignee];

function reduce(rows) {
  return [
    rows.length,
    sum(rows, (row) => row.estimate),
    mean(rows, (row) => row.spent),
    sum(rows, (row) => row.points),
    max(rows, (row) => row.created),
  ];
}

export function prepare(rows) {
  return {
    name: 'd3-array 3.2.4 rollup',
    regroup: () => [0, 1, 2, 3].map((depth) => rollup(rows, reduce, ...KEYS.slice(0, depth))),
    groups: (results) => new Map(results.flatMap((result) => flatten(result, []))),
  };
}

function flatten(result, path) {
  if (!(result instanceof Map)) return [[path.join(' / '), result]];
  return [...result].flatMap(([name, below]) => flatten(below, [...path, name]));
}
