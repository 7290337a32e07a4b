import type { Coding } from './coding';

/** The code of the group that gathers what a limit cut off. */
export const OTHERS = -1;

/** What a level is made of; see `Level`. */
export interface LevelParts {
  readonly entries: Int32Array;
  readonly groupOf: Int32Array;
  readonly starts: Int32Array;
  readonly codes: Int32Array;
  readonly parents: Int32Array;
  readonly whole: boolean;
  /** The entries of each group stand together already, in the order of the groups. */
  readonly sorted: boolean;
  readonly coding?: Coding | undefined;
}

/**
 * All groups of one depth: group `g` holds the rows `rows[starts[g] .. starts[g + 1]]`, distinct and in the
 * report's order. Groups of one parent stand together, in the order they are shown.
 */
export class Level {
  /** A row for each group that it stands in; in the report's order within a group. */
  readonly entries: Int32Array;
  /** The group of each entry. */
  readonly groupOf: Int32Array;
  readonly starts: Int32Array;
  /** The code of each group in `coding`, or `OTHERS`. */
  readonly codes: Int32Array;
  /** The group's parent in the level above. */
  readonly parents: Int32Array;
  /** Each row of a parent stands in exactly one child, so that parents may merge what children add up. */
  readonly whole: boolean;
  /** Absent at the root. */
  readonly coding: Coding | undefined;
  #rows: Int32Array | undefined;

  constructor(parts: LevelParts) {
    this.entries = parts.entries;
    this.groupOf = parts.groupOf;
    this.starts = parts.starts;
    this.codes = parts.codes;
    this.parents = parts.parents;
    this.whole = parts.whole;
    this.coding = parts.coding;
    if (parts.sorted) this.#rows = parts.entries;
  }

  /** Made when first asked for: regrouping and most aggregates need no rows by group. */
  get rows(): Int32Array {
    this.#rows ??= entriesByGroup(this);
    return this.#rows;
  }
}

export function groupCount(level: Level): number {
  return level.codes.length;
}

/** The one group that holds everything. */
export function rootLevel(rows: Int32Array): Level {
  return new Level({
    entries: rows,
    groupOf: new Int32Array(rows.length),
    starts: Int32Array.of(0, rows.length),
    codes: Int32Array.of(0),
    parents: Int32Array.of(0),
    whole: true,
    sorted: true,
  });
}

/** Where the children of each group begin in the level below; one entry more than groups. */
export function childStarts(above: Level, below: Level): Int32Array {
  const starts = new Int32Array(groupCount(above) + 1);
  for (const parent of below.parents) starts[parent + 1] = (starts[parent + 1] ?? 0) + 1;
  for (let at = 1; at < starts.length; at++) starts[at] = (starts[at] ?? 0) + (starts[at - 1] ?? 0);
  return starts;
}

/** A stable counting sort. */
function entriesByGroup({ entries, groupOf, starts }: Level): Int32Array {
  const next = starts.slice();
  const rows = new Int32Array(entries.length);
  for (let at = 0; at < entries.length; at++) {
    rows[(next[groupOf[at] as number] as number)++] = entries[at] as number;
  }
  return rows;
}
