import type { Group } from '../../definition';
import { arrangeLevel } from './arrange';
import type { Coding } from './coding';
import { childStarts, type Level, rootLevel } from './level';
import { splitLevel } from './split';

/** One group rule made ready: its coding, and what its groups are ordered by. */
export interface GroupStep {
  readonly rule: Group;
  readonly coding: Coding;
  /** The measure to order groups by, taken over one level. */
  readonly measure?: (level: Level) => (group: number) => number;
}

/** Groups within groups: `levels[0]` is the root, `children[d]` tells where each group's children begin. */
export interface Tree {
  readonly levels: readonly Level[];
  readonly children: readonly Int32Array[];
}

/** Gives a level computed before where nothing that it depends on has changed. */
export type KeepLevel = (depth: number, compute: () => Level) => Level;

/**
 * Groups rows, which come in the report's order, by each step in turn; where a measure ties, the groups' own
 * order holds.
 */
export function growTree(
  rows: Int32Array,
  steps: readonly GroupStep[],
  positions: () => Int32Array,
  keep: KeepLevel,
): Tree {
  const root = keep(0, () => rootLevel(rows));
  const levels = [root];
  const children: Int32Array[] = [];
  for (const step of steps) {
    const above = levels.at(-1) ?? root;
    const level = keep(levels.length, () => growLevel(above, step, positions));
    children.push(childStarts(above, level));
    levels.push(level);
  }
  return { levels, children };
}

function growLevel(above: Level, { rule, coding, measure }: GroupStep, positions: () => Int32Array): Level {
  const split = splitLevel(above, coding, measure ? { ...rule, direction: 'ascending' } : rule);
  return arrangeLevel(split, rule, measure?.(split), positions);
}
