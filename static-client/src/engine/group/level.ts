import type { Coding } from './coding';

/** The code of the group that gathers what a limit cut off. */
export const OTHERS = -1;

/**
 * All groups of one depth: group `g` holds the rows `rows[starts[g] .. starts[g + 1]]`, distinct and in the
 * report's order. Groups of one parent stand together, in the order they are shown.
 */
export interface Level {
  readonly rows: Int32Array;
  readonly starts: Int32Array;
  /** The code of each group in `coding`, or `OTHERS`. */
  readonly codes: Int32Array;
  /** The group's parent in the level above. */
  readonly parents: Int32Array;
  /** Each row of a parent stands in exactly one child, so that parents may merge what children add up. */
  readonly whole: boolean;
  /** Absent at the root. */
  readonly coding?: Coding;
}

export function groupCount(level: Level): number {
  return level.codes.length;
}

/** The one group that holds everything. */
export function rootLevel(rows: Int32Array): Level {
  return {
    rows,
    starts: Int32Array.of(0, rows.length),
    codes: Int32Array.of(0),
    parents: Int32Array.of(0),
    whole: true,
  };
}

/** Where the children of each group begin in the level below; one entry more than groups. */
export function childStarts(above: Level, below: Level): Int32Array {
  const starts = new Int32Array(groupCount(above) + 1);
  for (const parent of below.parents) starts[parent + 1] = (starts[parent + 1] ?? 0) + 1;
  for (let at = 1; at < starts.length; at++) starts[at] = (starts[at] ?? 0) + (starts[at - 1] ?? 0);
  return starts;
}
