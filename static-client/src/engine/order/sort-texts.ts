import type { FieldKind } from '../protocol';
import { presort } from './presort';

/** The indices of texts in the collator's order; issue keys in natural order, Jira's ranks by code points. */
export function sortTexts(texts: readonly string[], collator: Intl.Collator, kind: FieldKind): Int32Array {
  if (kind === 'rank') return sortRanks(texts);
  return kind === 'key' || kind === 'issue' ? sortKeys(texts) : sortNames(texts, collator);
}

/**
 * Comparing by language is dear, so texts are brought into about the right order first; sorting what is nearly
 * sorted compares each text with its neighbour and little more. (`Array` sorts so, typed arrays do not.)
 */
function sortNames(texts: readonly string[], collator: Intl.Collator): Int32Array {
  const indices = Array.from(presort(texts, collator));
  indices.sort((leftIndex, rightIndex) => {
    const left = texts[leftIndex] ?? '';
    const right = texts[rightIndex] ?? '';
    return collator.compare(left, right) || compareExactly(left, right);
  });
  return Int32Array.from(indices);
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
