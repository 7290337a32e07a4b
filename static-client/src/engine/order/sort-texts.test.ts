import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alphabetOf } from './alphabet';
import { collatorOf } from './collate';
import { sortTexts } from './sort-texts';

const LOCALES = ['en-GB', 'de', 'fr-CA', 'es', 'sv', 'da', 'cs', 'hu', 'tr', 'th', 'ja', 'zh-CN', 'ru', 'lt'];

/** Pieces that make long common beginnings, ties but for case, and letters that some languages join. */
const pieces = fc.constantFrom(
  ...'a A b z Z ch Ch lj aa AA dz ss ß é É ö ø Å 東 🙂 ’ – - _ ! ~ 0 10 9'.split(' '),
  'Android ',
  'android ',
  'window of the build ',
  ' ',
);
const ascii = fc.string({ unit: 'grapheme-ascii', maxLength: 30 });
const pieced = fc.array(pieces, { minLength: 1, maxLength: 12 }).map((parts) => parts.join(''));

/** Letters and signs of Europe in any order, with marks that join the letter before them. */
const letters = [...'aeiouyAOUcghjklnstz -.0äöüåøæœßÆçéèêëñłđðþħıİșžšŠґёйЙиИеЕїіщяЯ–’…«»€№東'];
const european = fc
  .array(fc.constantFrom(...letters, '\u0308', '\u0301', '\u00a0'), { minLength: 1, maxLength: 14 })
  .map((parts) => parts.join(''));

/** Enough texts for the fast way, which few of them do not take. */
const many = fc.array(fc.oneof({ weight: 20, arbitrary: fc.string({ maxLength: 12 }) }, pieced), {
  minLength: 300,
  maxLength: 600,
  size: 'max',
});

function compareFully(collator: Intl.Collator) {
  return (left: string, right: string) =>
    collator.compare(left, right) || (left === right ? 0 : left < right ? -1 : 1);
}

function expectOrder(texts: readonly string[], locale: string): void {
  const collator = collatorOf(locale, false);
  const sorted = Array.from(sortTexts(texts, collator, 'text'), (index) => texts[index]);
  expect(sorted).toEqual([...texts].sort(compareFully(collator)));
}

describe.each(LOCALES)('texts in %s', (locale) => {
  test('are in the order of Intl.Collator', () => {
    fc.assert(
      fc.property(many, (texts) => expectOrder(texts, locale)),
      { numRuns: 15 },
    );
  });

  test('so are texts of ASCII alone, long beginnings in common', () => {
    const beginning = fc.constantFrom('', 'Android crash: ', 'x'.repeat(100));
    const texts = fc.array(
      fc.tuple(beginning, ascii).map((parts) => parts.join('')),
      { minLength: 300, maxLength: 500, size: 'max' },
    );
    fc.assert(
      fc.property(texts, (held) => expectOrder(held, locale)),
      { numRuns: 15 },
    );
  });
});

describe.each([...LOCALES, 'uk', 'pl', 'mt', 'nb', 'et', 'lv', 'is'])('letters of Europe in %s', (locale) => {
  test('are in the order of Intl.Collator, also where a text is cut', () => {
    const beginning = fc.constantFrom('', 'Größe ', 'о'.repeat(94), 'o'.repeat(95), 'ß'.repeat(48));
    const texts = fc.array(
      fc.tuple(beginning, european).map((parts) => parts.join('')),
      { minLength: 300, maxLength: 500, size: 'max' },
    );
    fc.assert(
      fc.property(texts, (held) => expectOrder(held, locale)),
      { numRuns: 8 },
    );
  });
});

test('an alphabet goes beyond ASCII where the language lets it', () => {
  const codes = (locale: string) => alphabetOf(collatorOf(locale, false)) ?? new Int32Array(0);
  for (const locale of ['en-GB', 'de', 'fr-CA', 'es', 'ru']) {
    for (const letter of 'éüßœйЯ–') expect(codes(locale)[letter.charCodeAt(0)], letter).toBeGreaterThan(0);
  }
});

test('languages that join letters are left to the collator, others are not', () => {
  const fast = LOCALES.filter((locale) => alphabetOf(collatorOf(locale, false)));
  expect(fast).toEqual(expect.arrayContaining(['en-GB', 'de', 'es', 'tr']));
  expect(fast).not.toEqual(expect.arrayContaining(['cs']));
  expect(fast).not.toEqual(expect.arrayContaining(['hu']));
});
