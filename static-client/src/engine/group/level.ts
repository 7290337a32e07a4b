import type { Coding } from './coding';

/** The code of the group that gathers what a limit cut off. */
export const OTHERS = -1;

/** What a level is made of; see `Level`. */
export interface LevelParts {
  readonly entries: Int32Array;
  /** The group of each entry, or what makes it when first asked for. */
  readonly groupOf: Int32Array | (() => Int32Array);
  readonly starts: Int32Array;
  readonly codes: Int32Array;
  readonly parents: Int32Array;
  readonly whole: boolean;
  /** Where entries come in another order than the report's: which entry comes first, second and so on in it. */
  readonly order?: Int32Array | undefined;
  /** The entries of each group stand together already, in the order of the groups and of the report. */
  readonly sorted: boolean;
  readonly coding?: Coding | undefined;
}

/**
 * All groups of one depth: group `g` holds the rows `rows[starts[g] .. starts[g + 1]]`, distinct and in the
 * report's order. Groups of one parent stand together, in the order they are shown.
 */
export class Level {
  /** A row for each group that it stands in. */
  readonly entries: Int32Array;
  /** The entries in the report's order; absent where they stand in it, at least within each group. */
  readonly order: Int32Array | undefined;
  readonly starts: Int32Array;
  /** The code of each group in `coding`, or `OTHERS`. */
  readonly codes: Int32Array;
  /** The group's parent in the level above. */
  readonly parents: Int32Array;
  /** Each row of a parent stands in exactly one child, so that parents may merge what children add up. */
  readonly whole: boolean;
  /** Absent at the root. */
  readonly coding: Coding | undefined;
  #groupOf: Int32Array | (() => Int32Array);
  #rows: Int32Array | undefined;

  constructor(parts: LevelParts) {
    this.entries = parts.entries;
    this.order = parts.order;
    this.#groupOf = parts.groupOf;
    this.starts = parts.starts;
    this.codes = parts.codes;
    this.parents = parts.parents;
    this.whole = parts.whole;
    this.coding = parts.coding;
    if (parts.sorted) this.#rows = parts.entries;
  }

  /** The group of each entry. */
  get groupOf(): Int32Array {
    if (typeof this.#groupOf === 'function') this.#groupOf = this.#groupOf();
    return this.#groupOf;
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

/** The one group that holds everything: distinct rows, which come in the report's order. */
export function rootLevel(rows: Int32Array): Level {
  return new Level({
    ...ascending(rows),
    groupOf: () => new Int32Array(rows.length),
    starts: Int32Array.of(0, rows.length),
    codes: Int32Array.of(0),
    parents: Int32Array.of(0),
    whole: true,
    sorted: false,
  });
}

/** Rows in the order in which columns hold them, as memory is read fastest in that. */
function ascending(rows: Int32Array): Pick<LevelParts, 'entries' | 'order'> {
  let size = 0;
  for (let at = 0; at < rows.length; at++) size = Math.max(size, (rows[at] as number) + 1);
  const places = new Int32Array(size).fill(-1);
  for (let at = 0; at < rows.length; at++) places[rows[at] as number] = 0;
  const entries = new Int32Array(rows.length);
  let to = 0;
  for (let row = 0; row < size; row++) {
    if (places[row] === -1) continue;
    entries[to] = row;
    places[row] = to++;
  }
  const order = new Int32Array(rows.length);
  for (let at = 0; at < rows.length; at++) order[at] = places[rows[at] as number] as number;
  return { entries, order };
}

/** Where the children of each group begin in the level below; one entry more than groups. */
export function childStarts(above: Level, below: Level): Int32Array {
  const starts = new Int32Array(groupCount(above) + 1);
  for (const parent of below.parents) starts[parent + 1] = (starts[parent + 1] ?? 0) + 1;
  for (let at = 1; at < starts.length; at++) starts[at] = (starts[at] ?? 0) + (starts[at - 1] ?? 0);
  return starts;
}

/** A stable counting sort. */
function entriesByGroup({ entries, groupOf, order, starts }: Level): Int32Array {
  const next = starts.slice();
  const rows = new Int32Array(entries.length);
  for (let index = 0; index < entries.length; index++) {
    const at = order ? (order[index] as number) : index;
    rows[(next[groupOf[at] as number] as number)++] = entries[at] as number;
  }
  return rows;
}
