import type { CodeColumn } from '../column/code-column';
import { collatorOf } from '../order/collate';
import { sortTexts } from '../order/sort-texts';
import type { Coding } from './coding';
import { mapCodes } from './map-codes';

/** One group for the first letter of the name, whatever its case. */
export function codeLetters(column: CodeColumn, mode: 'each' | 'combined' | 'first', locale: string): Coding {
  const { dictionary } = column;
  const letters = Array.from({ length: dictionary.size }, (_, code) =>
    firstLetter(dictionary.name(code), locale),
  );
  const distinct = [...new Set(letters.slice(1))];
  const sorted = Array.from(
    sortTexts(distinct, collatorOf(locale, false), 'text'),
    (at) => distinct[at] ?? '',
  );
  const place = new Map(sorted.map((letter, index) => [letter, index + 1]));
  const map = Int32Array.from(letters, (letter, code) => (code === 0 ? 0 : (place.get(letter) ?? 0)));
  return {
    ...mapCodes(column, map, sorted.length + 1, mode === 'first'),
    size: sorted.length + 1,
    identity: (code) => sorted[code - 1] ?? '',
    label: (code) => ({ values: code === 0 ? [] : [{ kind: 'text', text: sorted[code - 1] ?? '' }] }),
  };
}

function firstLetter(name: string, locale: string): string {
  const [first = ''] = name.trimStart();
  return first.toLocaleUpperCase(locale);
}
