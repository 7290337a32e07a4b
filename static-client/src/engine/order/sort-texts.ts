import type { FieldKind } from '../protocol';
import { compareExactly } from './comparison';
import { GrowingOrder } from './growing-order';
import { sortKeys } from './sort-keys';

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
