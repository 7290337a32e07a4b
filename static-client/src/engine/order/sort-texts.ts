import type { FieldKind } from '../protocol';
import { alphabetOf } from './alphabet';
import { type Compare, MOST_TEXTS, sortSpelled } from './plain-texts';
import { presort } from './presort';
import { spell } from './spell';

/** The indices of texts in the collator's order; issue keys in natural order, Jira's ranks by code points. */
export function sortTexts(texts: readonly string[], collator: Intl.Collator, kind: FieldKind): Int32Array {
  if (kind === 'rank') return sortRanks(texts);
  return kind === 'key' || kind === 'issue' ? sortKeys(texts) : sortNames(texts, collator);
}

/** Fewer texts are compared outright. */
const WORTH_SPELLING = 256;

/** Texts beyond ASCII find their places one by one, which pays while they are few: one in so many. */
const FEW = 16;

function sortNames(texts: readonly string[], collator: Intl.Collator): Int32Array {
  const alphabet = texts.length < WORTH_SPELLING ? undefined : alphabetOf(collator);
  if (!alphabet || texts.length > MOST_TEXTS) return sortByCollator(texts, collator);
  const spelled = spell(texts, alphabet);
  const { indices, others } = spelled;
  if (others.length > texts.length / FEW) return sortByCollator(texts, collator);
  const compare = comparison(texts, collator);
  const byPlace = (left: number, right: number) => compare(indices[left] as number, indices[right] as number);
  const sorted = pick(indices, sortSpelled(spelled, byPlace));
  if (others.length === 0) return sorted;
  const few = sortByCollator(
    Array.from(others, (index) => texts[index] as string),
    collator,
  );
  return mergeFew(sorted, pick(others, few), compare);
}

function pick(indices: Int32Array, places: Int32Array): Int32Array {
  const picked = new Int32Array(places.length);
  for (let at = 0; at < places.length; at++) picked[at] = indices[places[at] as number] as number;
  return picked;
}

/**
 * Comparing by language is dear, so texts are brought into about the right order first; sorting what is nearly
 * sorted compares each text with its neighbour and little more. (`Array` sorts so, typed arrays do not.)
 */
function sortByCollator(texts: readonly string[], collator: Intl.Collator): Int32Array {
  return Int32Array.from(Array.from(presort(texts, collator)).sort(comparison(texts, collator)));
}

function comparison(texts: readonly string[], collator: Intl.Collator): Compare {
  return (leftIndex, rightIndex) => {
    const left = texts[leftIndex] ?? '';
    const right = texts[rightIndex] ?? '';
    return collator.compare(left, right) || compareExactly(left, right);
  };
}

/** Puts each of few sorted texts into its place among many by halving what is left of them. */
function mergeFew(many: Int32Array, few: Int32Array, compare: Compare): Int32Array {
  const merged = new Int32Array(many.length + few.length);
  let from = 0;
  few.forEach((text, before) => {
    let to = many.length;
    const start = from;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (compare(many[middle] ?? 0, text) < 0) from = middle + 1;
      else to = middle;
    }
    merged.set(many.subarray(start, from), start + before);
    merged[from + before] = text;
  });
  merged.set(many.subarray(from), from + few.length);
  return merged;
}

/** Where the language sees no difference, the code points decide: the order of loading never does. */
function compareExactly(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

function sortRanks(ranks: readonly string[]): Int32Array {
  const indices = Array.from(ranks, (_, index) => index);
  indices.sort((left, right) => compareExactly(ranks[left] ?? '', ranks[right] ?? ''));
  return Int32Array.from(indices);
}

/** The number's length is bounded: a text that is no key must not be searched again from each of its digits. */
const KEY = /^(.*?)-?(\d{0,15})$/s;

/** By project, then by number. */
function sortKeys(keys: readonly string[]): Int32Array {
  const parsed = keys.map((key) => KEY.exec(key) ?? []);
  const projects = [...new Set(parsed.map(([, project = '']) => project))].sort(compareExactly);
  const places = new Map(projects.map((project, index) => [project, index]));
  const place = parsed.map(([, project = '']) => places.get(project) ?? 0);
  const number = Float64Array.from(parsed, ([, , digits = '']) => Number(digits));
  const indices = Array.from(keys, (_, index) => index);
  indices.sort(
    (left, right) =>
      (place[left] ?? 0) - (place[right] ?? 0) ||
      (number[left] ?? 0) - (number[right] ?? 0) ||
      compareExactly(keys[left] ?? '', keys[right] ?? ''),
  );
  return Int32Array.from(indices);
}
