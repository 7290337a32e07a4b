import { expect, test } from 'vitest';
import { legible, projectsText, textOf, titleOf } from './value-texts';

test('values of a cell read as one text', () => {
  expect(
    textOf([
      { kind: 'key', key: 'A-1' },
      { kind: 'text', text: 'b' },
      { kind: 'lozenge', text: '1.0', state: 'archived' },
      { kind: 'lozenge', text: '2.0', state: 'released' },
    ]),
  ).toBe('A-1, b, 1.0 (archived), 2.0');
});

test('a title ends where nobody reads on', () => {
  const long = Array.from({ length: 50 }, () => ({ kind: 'text', text: 'x'.repeat(1000) }) as const);
  expect(titleOf(long)).toHaveLength(2001);
  expect(titleOf(long.slice(0, 1))).toHaveLength(1000);
});

test.each(['\u200b\u200c\u200d\u2060\ufeff', '\u202e', ' \u3164 ', '\u0000'])(
  '%j says that there is nothing to see',
  (text) => {
    expect(legible(text)).toBe('(invisible characters)');
  },
);

test.each(['a', '👩\u200d🔬', '\u202ea', '-', 'مشكلة'])('%s is shown as it is', (text) => {
  expect(legible(text)).toBe(text);
});

test('projects are told with how many issues are theirs', () => {
  expect(
    projectsText([
      { key: 'TIMOB', count: 1204 },
      { key: 'ALOY', count: 12 },
    ]),
  ).toBe('TIMOB 1,204, ALOY 12');
});
