import type { FieldKind } from '../protocol';
import { compareKeys } from './collate';

/** Where the language sees no difference, the code points decide: the order of loading never does. */
function compareExactly(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

/** The indices of texts in the collator's order; issue keys in natural order. */
export function sortTexts(texts: readonly string[], collator: Intl.Collator, kind: FieldKind): Int32Array {
  const compare = kind === 'key' || kind === 'issue' ? compareKeys : collator.compare;
  const indices = Int32Array.from(texts, (_, index) => index);
  return indices.sort((leftIndex, rightIndex) => {
    const left = texts[leftIndex] ?? '';
    const right = texts[rightIndex] ?? '';
    return compare(left, right) || compareExactly(left, right);
  });
}
