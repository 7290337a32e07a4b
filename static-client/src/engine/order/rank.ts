import type { Dictionary } from '../column/dictionary';
import type { FieldKind } from '../protocol';
import { collatorOf } from './collate';
import { GrowingOrder, RUN } from './growing-order';
import { sortTexts } from './sort-texts';

/** The order of a dictionary's codes. */
export interface Ranks {
  /** Rank of a code; 0 is empty, equal names of the same place share one. */
  readonly of: Int32Array;
  /** The first code of each rank. */
  readonly codes: Int32Array;
  /** Ranks in use, the empty one included. */
  readonly size: number;
}

/**
 * Ranks codes by Jira's own order where the values have one, then by name as the language has it. Values of
 * one name are one rank: `Backend` of two projects is one group. People, projects and issues are told apart by
 * their ids, since two of them may share a name.
 */
export function rankDictionary(dictionary: Dictionary, locale: string): Ranks {
  const last = known.get(dictionary);
  if (last?.size === dictionary.size && last.locale === locale) return last.ranks;
  const ranks = NAMED.has(dictionary.kind) ? rankNames(dictionary, locale) : rankGroups(dictionary, locale);
  known.set(dictionary, { size: dictionary.size, locale, ranks });
  return ranks;
}

/** Ranked again only when values came. */
const known = new WeakMap<
  Dictionary,
  { readonly size: number; readonly locale: string; readonly ranks: Ranks }
>();

/** Texts that came, put in order while they do, as `rankDictionary` will want them. */
export function keepInOrder(dictionary: Dictionary, locale: string): void {
  if (growsInOrder(dictionary)) orderOf(dictionary, locale).keepUp();
}

/** Puts up to about so many texts more in order; false when nothing is left to do before ranking. */
export function settleOrder(dictionary: Dictionary, locale: string, most: number): boolean {
  return growsInOrder(dictionary) && orderOf(dictionary, locale).settle(most);
}

function growsInOrder({ kind, size }: Dictionary): boolean {
  return kind === 'text' && size > RUN;
}

const orders = new WeakMap<Dictionary, GrowingOrder>();

function orderOf(dictionary: Dictionary, locale: string): GrowingOrder {
  const collator = collatorOf(locale, false);
  const last = orders.get(dictionary);
  if (last?.collator.resolvedOptions().locale === collator.resolvedOptions().locale) return last;
  const order = new GrowingOrder(dictionary.names, collator, 1);
  orders.set(dictionary, order);
  return order;
}

/** Kinds whose values are their names, and have no order of their own. */
const NAMED: ReadonlySet<FieldKind> = new Set(['text', 'key', 'label']);

/** The same as by groups of one name, of which there are as many as values: no list is made for each. */
function rankNames(dictionary: Dictionary, locale: string): Ranks {
  const sorted = sortNames(dictionary, locale);
  return dictionary.namesRepeat ? rankRepeated(sorted, dictionary) : rankDistinct(sorted);
}

function rankDistinct(sorted: Int32Array): Ranks {
  const size = sorted.length + 1;
  const of = new Int32Array(size);
  const codes = new Int32Array(size);
  codes.set(sorted, 1);
  for (let at = 0; at < sorted.length; at++) of[sorted[at] as number] = at + 1;
  return { of, codes, size };
}

function rankRepeated(sorted: Int32Array, dictionary: Dictionary): Ranks {
  const { names } = dictionary;
  const of = new Int32Array(dictionary.size);
  const codes = new Int32Array(dictionary.size);
  let rank = 0;
  let last: string | undefined;
  for (let at = 0; at < sorted.length; at++) {
    const code = sorted[at] as number;
    const name = names[code];
    if (name !== last) codes[++rank] = code;
    of[code] = rank;
    last = name;
  }
  return { of, codes: codes.slice(0, rank + 1), size: rank + 1 };
}

/** The codes of names in order. */
function sortNames(dictionary: Dictionary, locale: string): Int32Array {
  if (growsInOrder(dictionary)) return orderOf(dictionary, locale).sorted();
  const { kind, names } = dictionary;
  const collator = collatorOf(locale, kind !== 'text');
  return sortTexts(names.slice(1), collator, kind).map((index) => index + 1);
}

function rankGroups(dictionary: Dictionary, locale: string): Ranks {
  const apart = dictionary.kind === 'user' || dictionary.kind === 'project';
  const groups = apart ? everyCode(dictionary) : codesByName(dictionary);
  const sorted = sortGroups(dictionary, groups, locale);
  const of = new Int32Array(dictionary.size);
  const codes = new Int32Array(sorted.length + 1);
  sorted.forEach((group, index) => {
    codes[index + 1] = group[0] ?? 0;
    for (const code of group) of[code] = index + 1;
  });
  return { of, codes, size: sorted.length + 1 };
}

type CodeGroup = readonly number[];

function everyCode(dictionary: Dictionary): CodeGroup[] {
  const codes = Array.from({ length: dictionary.size - 1 }, (_, index) => [index + 1]);
  return codes.sort((left, right) => compareIds(dictionary, left[0] ?? 0, right[0] ?? 0));
}

function codesByName(dictionary: Dictionary): CodeGroup[] {
  const groups = new Map<string, number[]>();
  for (let code = 1; code < dictionary.size; code++) {
    const name = dictionary.name(code);
    const group = groups.get(name);
    if (group) group.push(code);
    else groups.set(name, [code]);
  }
  const lists = [...groups.values()];
  for (const list of lists) list.sort((left, right) => compareIds(dictionary, left, right));
  return lists;
}

function compareIds(dictionary: Dictionary, left: number, right: number): number {
  return dictionary.id(left) < dictionary.id(right) ? -1 : 1;
}

function sortGroups(dictionary: Dictionary, groups: CodeGroup[], locale: string): readonly CodeGroup[] {
  const names = groups.map((group) => dictionary.name(group[0] ?? 0));
  const collator = collatorOf(locale, dictionary.kind !== 'text');
  const sorted = Array.from(sortTexts(names, collator, dictionary.kind), (index) => groups[index] ?? []);
  if (!dictionary.ordered) return sorted;
  const place = (group: CodeGroup) => Math.min(...group.map((code) => dictionary.order(code)));
  const placed = sorted.map((group) => ({ group, at: place(group) }));
  return placed.sort(byPlace).map(({ group }) => group);
}

/** Written out, as the difference of two infinities is no order. */
function byPlace(left: { at: number }, right: { at: number }): number {
  return left.at === right.at ? 0 : left.at < right.at ? -1 : 1;
}
