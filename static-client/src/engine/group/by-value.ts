import type { CodeColumn } from '../column/code-column';
import { type Ranks, rankDictionary } from '../order/rank';
import type { Coding } from './coding';
import { mapCodes } from './map-codes';

/** One group a value; an issue with several values stands in the group of each, or of its first. */
export function codeValues(column: CodeColumn, mode: 'each' | 'combined' | 'first', locale: string): Coding {
  const ranks = rankDictionary(column.dictionary, locale);
  const { dictionary } = column;
  return {
    ...mapCodes(column, ranks.of, ranks.size, mode === 'first'),
    size: ranks.size,
    identity: (code) => identityOf(column, ranks, code),
    label: (code) => ({ values: code === 0 ? [] : [dictionary.value(ranks.codes[code] ?? 0)] }),
    isShared: sharedBy(ranks),
  };
}

/** Whether a rank is that of several codes; counted when first asked. */
function sharedBy(ranks: Ranks): (rank: number) => boolean {
  let codes: Int32Array | undefined;
  return (rank) => {
    codes ??= countCodes(ranks);
    return (codes[rank] ?? 0) > 1;
  };
}

function countCodes({ of, size }: Ranks): Int32Array {
  const counts = new Int32Array(size);
  for (const rank of of.subarray(1)) counts[rank] = (counts[rank] ?? 0) + 1;
  return counts;
}

/** People and projects by id, everything else by the name that makes it one group. */
function identityOf(column: CodeColumn, ranks: Ranks, code: number): string {
  const { dictionary } = column;
  const first = ranks.codes[code] ?? 0;
  const apart = dictionary.kind === 'user' || dictionary.kind === 'project';
  return apart ? dictionary.id(first) : dictionary.name(first);
}

/** One group for each set of values, whatever their order. */
export function codeCombined(column: CodeColumn, locale: string): Coding {
  const ranks = rankDictionary(column.dictionary, locale);
  const sets = distinctSets(column, ranks);
  const sorted = [...sets.values()].sort(compareSets);
  const place = new Map(sorted.map((set, index) => [set.join(), index + 1]));
  const codes = new Int32Array(column.length);
  for (let row = 0; row < codes.length; row++) codes[row] = place.get(setOf(column, ranks, row).join()) ?? 0;
  const members = (code: number) => sorted[code - 1] ?? [];
  const shared = sharedBy(ranks);
  return {
    codes,
    size: sorted.length + 1,
    identity: (code) => identityOfSet(members(code).map((rank) => identityOf(column, ranks, rank))),
    isShared: (code) => members(code).some(shared),
    label: (code) => ({
      values: members(code).map((rank) => column.dictionary.value(ranks.codes[rank] ?? 0)),
    }),
  };
}

/** A set of one is the value itself, as it is where no issue has several. */
function identityOfSet(members: readonly string[]): string {
  return members.length === 1 ? (members[0] ?? '') : JSON.stringify(members);
}

function distinctSets(column: CodeColumn, ranks: Ranks): Map<string, readonly number[]> {
  const sets = new Map<string, readonly number[]>();
  for (let row = 0; row < column.length; row++) {
    const set = setOf(column, ranks, row);
    if (set.length > 0) sets.set(set.join(), set);
  }
  return sets;
}

function setOf(column: CodeColumn, ranks: Ranks, row: number): readonly number[] {
  const set = new Set(column.at(row).map((code) => ranks.of[code] ?? 0));
  return [...set].sort((left, right) => left - right);
}

/** By the first member that differs; a set comes before those that go on where it ends. */
function compareSets(left: readonly number[], right: readonly number[]): number {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}
