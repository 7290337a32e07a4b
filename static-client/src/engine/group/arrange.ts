import type { Group } from '../../definition';
import { groupCount, Level, OTHERS } from './level';

/** One group of the new order: a group as it was, or all that a limit cut off as Others. */
interface Planned {
  readonly parent: number;
  readonly groups: readonly number[];
  readonly others: boolean;
}

type Plan = readonly Planned[];

/**
 * Orders the groups of each parent by `measure` where the rule asks for it, and gathers those beyond its limit
 * as Others. The group of issues without a value keeps its place at the end it was given and is not counted
 * towards the limit. `positions` is each row's place in the report's order.
 */
export function arrangeLevel(
  level: Level,
  rule: Group,
  measure: ((group: number) => number) | undefined,
  positions: () => Int32Array,
): Level {
  if (!measure && rule.limit === undefined) return level;
  const plan: Planned[] = [];
  let from = 0;
  while (from < groupCount(level)) {
    const parent = level.parents[from] ?? 0;
    let to = from;
    while (to < groupCount(level) && level.parents[to] === parent) to++;
    for (const one of arrangeSiblings(level, rule, measure, from, to)) plan.push({ parent, ...one });
    from = to;
  }
  return rebuild(level, plan, positions);
}

function arrangeSiblings(
  level: Level,
  rule: Group,
  measure: ((group: number) => number) | undefined,
  from: number,
  to: number,
): readonly Omit<Planned, 'parent'>[] {
  const siblings = Array.from({ length: to - from }, (_, index) => from + index);
  const empty = siblings.filter((group) => level.codes[group] === 0);
  const valued = siblings.filter((group) => level.codes[group] !== 0);
  const ordered = measure ? orderBy(valued, measure, rule.direction === 'descending') : valued;
  const limit = rule.limit ?? ordered.length;
  const single = (group: number) => ({ groups: [group], others: false });
  const kept: Omit<Planned, 'parent'>[] = ordered.slice(0, limit).map(single);
  const rest = ordered.slice(limit);
  if (rest.length > 0) kept.push({ groups: rest, others: true });
  const alone = empty.map(single);
  return rule.empty === 'first' ? [...alone, ...kept] : [...kept, ...alone];
}

/** Groups without a measure come last in either direction; ties keep their order. */
function orderBy(
  groups: readonly number[],
  measure: (group: number) => number,
  descending: boolean,
): readonly number[] {
  const measured = groups.map((group) => ({ group, at: measure(group) }));
  measured.sort((left, right) => {
    if (Number.isNaN(left.at) || Number.isNaN(right.at))
      return Number(Number.isNaN(left.at)) - Number(Number.isNaN(right.at));
    return descending ? right.at - left.at : left.at - right.at;
  });
  return measured.map(({ group }) => group);
}

function rebuild(level: Level, plan: Plan, positions: () => Int32Array): Level {
  const rows = new Int32Array(level.rows.length);
  const groupOf = new Int32Array(level.rows.length);
  const starts = new Int32Array(plan.length + 1);
  const codes = new Int32Array(plan.length);
  const parents = new Int32Array(plan.length);
  let to = 0;
  plan.forEach(({ parent, groups, others }, index) => {
    const members = groups.map((group) =>
      level.rows.subarray(level.starts[group] ?? 0, level.starts[group + 1] ?? 0),
    );
    const merged = members.length === 1 ? (members[0] ?? new Int32Array()) : mergeRows(members, positions());
    rows.set(merged, to);
    groupOf.fill(index, to, to + merged.length);
    to += merged.length;
    starts[index + 1] = to;
    codes[index] = others ? OTHERS : (level.codes[groups[0] ?? 0] ?? 0);
    parents[index] = parent;
  });
  const { whole, coding } = level;
  const entries = rows.subarray(0, to);
  return new Level({
    entries,
    groupOf: groupOf.subarray(0, to),
    starts,
    codes,
    parents,
    whole,
    sorted: true,
    coding,
  });
}

/** Distinct rows of several groups, in the report's order. */
function mergeRows(groups: readonly Int32Array[], positions: Int32Array): Int32Array {
  const distinct = new Set<number>();
  for (const rows of groups) for (const row of rows) distinct.add(row);
  return Int32Array.from(distinct).sort((left, right) => (positions[left] ?? 0) - (positions[right] ?? 0));
}
