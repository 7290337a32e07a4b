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
  const made: Level[] = [];
  for (const [at, step] of steps.entries()) {
    const above = levels[at] ?? root;
    const grow = () => growLevels(above, step, steps.slice(at + 1), positions);
    const level = keep(at + 1, () => {
      if (!made[at]) for (const [index, one] of grow().entries()) made[at + index] = one;
      return made[at] as Level;
    });
    children.push(childStarts(above, level));
    levels.push(level);
  }
  return { levels, children };
}

/** The level of a step and, where they come of the same pass, those of the next. */
function growLevels(
  above: Level,
  step: GroupStep,
  next: readonly GroupStep[],
  positions: () => Int32Array,
): readonly Level[] {
  const { rule, measure } = step;
  if (isArranged(step)) {
    const ascending: Group = measure ? { ...rule, direction: 'ascending' } : rule;
    const levels = splitLevel(above, [{ ...step, rule: ascending }]);
    return levels.map((split) => arrangeLevel(split, rule, measure?.(split), positions));
  }
  const end = next.findIndex(isArranged);
  return splitLevel(above, [step, ...(end < 0 ? next : next.slice(0, end))]);
}

/** Whether groups take another order, or fewer places, than their split gives them. */
function isArranged({ rule, measure }: GroupStep): boolean {
  return measure !== undefined || rule.limit !== undefined;
}
