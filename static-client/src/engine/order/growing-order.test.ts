import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { collatorOf } from './collate';
import { GrowingOrder } from './growing-order';

const LOCALES = ['en-GB', 'de', 'fr-CA', 'sv', 'cs', 'ja', 'ru'];
const RUN = 16;

/** Long common beginnings, ties but for case, letters beyond ASCII, and now and then any text at all. */
const words =
  'Android android Crash crash café cafe Straße Strasse Größe über Ошибка ошибка 東京 東 ch c h - _ a A é';
const word = fc.constantFrom(...words.split(' '));
const text = fc.oneof(
  { weight: 8, arbitrary: fc.array(word, { minLength: 1, maxLength: 25 }).map((parts) => parts.join(' ')) },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme-ascii', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 8 }) },
);
const texts = (minLength: number, maxLength: number) => fc.array(text, { minLength, maxLength, size: 'max' });

/** Texts that come next, and what is done next: kept up, gone on by so many places, or asked for in order. */
const steps = fc.array(
  fc.record({
    came: texts(0, 40),
    next: fc.constantFrom('keep up', 'settle a little', 'sort'),
    places: fc.integer({ min: 1, max: 30 }),
  }),
  { maxLength: 8 },
);

function expectSorted(order: GrowingOrder, held: readonly string[], collator: Intl.Collator): void {
  const compare = (left: string, right: string) =>
    collator.compare(left, right) || (left === right ? 0 : left < right ? -1 : 1);
  const sorted = Array.from(order.sorted(), (index) => held[index]);
  expect(sorted).toEqual(held.slice(1).sort(compare));
}

describe.each(LOCALES)('texts that come bit by bit in %s', (locale) => {
  const collator = collatorOf(locale, false);

  test('are in the order of Intl.Collator whenever asked for', () => {
    const property = fc.property(texts(256, 400), steps, (first, more) => {
      const held = ['', ...first];
      const order = new GrowingOrder(held, collator, 1, RUN);
      for (const { came, next, places } of more) {
        held.push(...came);
        if (next === 'keep up') order.keepUp();
        else if (next === 'settle a little') order.settle(places);
        else expectSorted(order, held, collator);
      }
      expectSorted(order, held, collator);
    });
    fc.assert(property, { numRuns: 15 });
  });
});

test('settling goes on in pieces until there is nothing left to do', () => {
  const held = Array.from({ length: 2000 }, (_, index) => `Issue ${(index * 7919) % 2000}`);
  const order = new GrowingOrder(held, collatorOf('en', false), 0, RUN);
  order.keepUp();
  let pieces = 0;
  while (order.settle(100)) pieces++;
  expect(pieces).toBeGreaterThan(2000 / 100);
  expect(Array.from(order.sorted(), (index) => held[index])).toEqual(held.sort());
});
