import type { Coding } from './coding';
import { Level, type LevelParts } from './level';

/** Entries with their keys: the group they come from times the number of places, plus their place, step by step. */
export interface Keyed extends Pick<LevelParts, 'entries' | 'order' | 'whole'> {
  readonly keys: Int32Array;
  /** How many entries each key has; becomes the numbers of the keys that occur. */
  readonly table: Int32Array;
}

/** A step's coding, and the code that stands at each place among siblings. */
export interface Placed {
  readonly coding: Coding;
  readonly codeAt: Int32Array;
}

/** Groups of one level: the key and the first entry of each. */
interface Numbered {
  readonly keys: Int32Array;
  readonly starts: Int32Array;
}

/**
 * A level for each step, outermost first, from the keys of the innermost: the groups above are what their keys
 * have in common. The outermost keys name groups of a level that is there already, of which some may have no
 * children. Only the innermost level tells each entry its group at once; the others ask the one below when
 * somebody asks them.
 */
export function numberLevels(keyed: Keyed, steps: readonly Placed[]): readonly Level[] {
  let groups = numberKeys(keyed.table);
  let groupOf: LevelParts['groupOf'] = lookUp(keyed.table, keyed.keys);
  const levels: Level[] = [];
  for (const { coding, codeAt } of [...steps].reverse()) {
    const { codes, parents: occurring, above } = parentsOf(groups, codeAt);
    const outermost = levels.length === steps.length - 1;
    const parents = outermost ? lookUp(above.keys, occurring) : occurring;
    const { entries, order, whole } = keyed;
    const { starts } = groups;
    const level = new Level({
      entries,
      order,
      whole,
      groupOf,
      starts,
      codes,
      parents,
      coding,
      sorted: false,
    });
    levels.unshift(level);
    groups = above;
    groupOf = () => lookUp(parents, level.groupOf);
  }
  return levels;
}

/** Turns the counts of a table into the numbers of the keys that occur. */
function numberKeys(table: Int32Array): Numbered {
  let size = 0;
  for (let key = 0; key < table.length; key++) if (table[key] !== 0) size++;
  const keys = new Int32Array(size);
  const starts = new Int32Array(size + 1);
  let group = 0;
  for (let key = 0; key < table.length; key++) {
    const count = table[key] as number;
    if (count === 0) continue;
    keys[group] = key;
    starts[group + 1] = (starts[group] as number) + count;
    table[key] = group++;
  }
  return { keys, starts };
}

function lookUp(numbers: Int32Array, at: Int32Array): Int32Array {
  const found = new Int32Array(at.length);
  for (let index = 0; index < at.length; index++) found[index] = numbers[at[index] as number] as number;
  return found;
}

/** Takes the last step off each key; what is left is the key of the group above. */
function parentsOf({ keys, starts }: Numbered, codeAt: Int32Array) {
  const codes = new Int32Array(keys.length);
  const parents = new Int32Array(keys.length);
  const above = { keys: new Int32Array(keys.length), starts: new Int32Array(keys.length + 1) };
  let parent = -1;
  for (let group = 0; group < keys.length; group++) {
    const key = keys[group] as number;
    const rest = Math.floor(key / codeAt.length);
    codes[group] = codeAt[key - rest * codeAt.length] as number;
    if (parent < 0 || rest !== above.keys[parent]) {
      above.keys[++parent] = rest;
      above.starts[parent] = starts[group] as number;
    }
    parents[group] = parent;
  }
  const size = parent + 1;
  above.starts[size] = starts[keys.length] as number;
  return {
    codes,
    parents,
    above: { keys: above.keys.slice(0, size), starts: above.starts.slice(0, size + 1) },
  };
}
