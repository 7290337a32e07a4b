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

/** Groups rows, which come in the report's order, by each step in turn; where a measure ties, the groups' own order holds. */
export function growTree(rows: Int32Array, steps: readonly GroupStep[], positions: Int32Array): Tree {
  const levels = [rootLevel(rows)];
  const children: Int32Array[] = [];
  for (const { rule, coding, measure } of steps) {
    const above = levels.at(-1) ?? rootLevel(rows);
    const split = splitLevel(above, coding, measure ? { ...rule, direction: 'ascending' } : rule);
    const level = arrangeLevel(split, rule, measure?.(split), positions);
    children.push(childStarts(above, level));
    levels.push(level);
  }
  return { levels, children };
}
