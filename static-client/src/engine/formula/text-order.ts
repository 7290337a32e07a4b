import { collatorOf } from '../order/collate';
import type { Frame } from './frame';
import { type Numbers, numbersFrom, type Texts, textAt } from './vector';

/** What `compareTexts` gives where neither row has a text. */
export const BOTH_EMPTY = 2;

/**
 * How texts compare row by row: below 0, 0 or above, in the reader's language and in small or capital letters; NaN
 * where one is empty. With a constant each distinct text is compared once.
 */
export function compareTexts(left: Texts, right: Texts, frame: Frame): Numbers {
  const { locale } = frame.setting.context;
  const collator = collatorOf(locale, false);
  const compare = (one: string, other: string): number => {
    if (one === '' || other === '') return one === other ? BOTH_EMPTY : Number.NaN;
    return sameText(one, other) ? 0 : Math.sign(collator.compare(one, other)) || (one < other ? -1 : 1);
  };
  if (right.step === 0) return byCode(left, frame, (text) => compare(text, textAt(right, 0)));
  if (left.step === 0) return byCode(right, frame, (text) => compare(textAt(left, 0), text));
  return numbersFrom([left, right], frame.size, (row) => compare(textAt(left, row), textAt(right, row)));
}

/** Whether two texts are the same but for small and capital letters. */
export function sameText(one: string, other: string): boolean {
  return one === other || folded(one) === folded(other);
}

/** A text without its capital letters, in one of the ways in which Unicode may write it. */
export function folded(text: string): string {
  return text.normalize('NFC').toLowerCase();
}

/** Numbers of a text's rows, computed once for each distinct text. */
export function byCode(texts: Texts, { size }: Frame, compute: (text: string) => number): Numbers {
  const known = new Float64Array(texts.texts.length);
  const asked = new Uint8Array(texts.texts.length);
  return numbersFrom([texts], size, (row) => {
    const code = texts.codes[row * texts.step] as number;
    if (asked[code] === 0) {
      asked[code] = 1;
      known[code] = compute(texts.texts[code] as string);
    }
    return known[code] as number;
  });
}
