import type { FieldKind } from '../protocol';
import { compareExactly } from './comparison';
import { GrowingOrder } from './growing-order';

/** The indices of texts in the collator's order; issue keys in natural order, Jira's ranks by code points. */
export function sortTexts(texts: readonly string[], collator: Intl.Collator, kind: FieldKind): Int32Array {
  if (kind === 'rank') return sortRanks(texts);
  return kind === 'key' || kind === 'issue' ? sortKeys(texts) : sortNames(texts, collator);
}

/** All of them at once, as texts that no more will follow. */
function sortNames(texts: readonly string[], collator: Intl.Collator): Int32Array {
  return new GrowingOrder(texts, collator).sorted();
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
