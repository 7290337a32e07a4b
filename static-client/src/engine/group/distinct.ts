import { IntVector } from '../column/vector';
import { groupCount, Level } from './level';

/** Kept for as long as the level they were made from. */
const made = new WeakMap<Level, Level>();

/**
 * The same groups with each issue once, where an issue has several rows: as the first of its rows, which
 * `firstRows` gives for every row, in the order in which the issues first appear. An issue whose rows lie in
 * several groups stands in each, so parents may not merge what children add up.
 */
export function distinctIssues(level: Level, firstRows: Int32Array): Level {
  const known = made.get(level);
  if (known) return known;
  const distinct = removeRepeats(level, firstRows);
  made.set(level, distinct);
  return distinct;
}

function removeRepeats(level: Level, firstRows: Int32Array): Level {
  const groups = groupCount(level);
  const entries = new IntVector();
  const groupOf = new IntVector();
  const starts = new Int32Array(groups + 1);
  const seenIn = new Int32Array(firstRows.length).fill(-1);
  for (let group = 0; group < groups; group++) {
    const end = level.starts[group + 1] ?? 0;
    for (let at = level.starts[group] ?? 0; at < end; at++) {
      const row = firstRows[level.rows[at] ?? 0] ?? 0;
      if (seenIn[row] === group) continue;
      seenIn[row] = group;
      entries.push(row);
      groupOf.push(group);
    }
    starts[group + 1] = entries.length;
  }
  const { codes, parents, coding } = level;
  const members = { entries: entries.view(), groupOf: groupOf.view(), starts };
  return new Level({ ...members, codes, parents, coding, whole: false, sorted: true });
}
