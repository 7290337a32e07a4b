import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareExactly } from './comparison';
import { sortKeys } from './sort-keys';

const KEY = /^(.*?)-?(\d{0,15})$/s;

/** The rule as it reads: by project, then by number, then by code points. */
function plainly(keys: readonly string[]): readonly string[] {
  const parts = (key: string) => {
    const [, project = '', digits = ''] = KEY.exec(key) ?? [];
    return { project, number: Number(digits) };
  };
  return [...keys].sort((left, right) => {
    const one = parts(left);
    const other = parts(right);
    return (
      compareExactly(one.project, other.project) || one.number - other.number || compareExactly(left, right)
    );
  });
}

function sorted(keys: readonly string[]): readonly string[] {
  return Array.from(sortKeys(keys), (index) => keys[index] ?? '');
}

test('issue keys come in the order of their projects, then of their numbers', () => {
  expect(sorted(['B-2', 'A-10', 'A-9', 'AB-1', 'A-100', 'B-1'])).toEqual([
    'A-9',
    'A-10',
    'A-100',
    'AB-1',
    'B-1',
    'B-2',
  ]);
});

test('any texts come as project, number and code points have it', () => {
  const number = fc.oneof(
    fc.nat({ max: 30 }).map(String),
    fc.nat().map((value) => `0${value}`),
    fc.bigInt({ min: 0n, max: 10n ** 20n }).map(String),
    fc.constant(''),
  );
  const project = fc.constantFrom('A', 'AB', 'B', 'A-', 'A1', '', 'é', 'A\n');
  const key = fc.oneof(
    fc.tuple(project, fc.constantFrom('-', ''), number).map((parts) => parts.join('')),
    fc.string({ unit: 'binary', maxLength: 20 }),
  );
  fc.assert(
    fc.property(fc.array(key, { maxLength: 60 }), (keys) => {
      expect(sorted(keys)).toEqual(plainly(keys));
    }),
    { numRuns: 500 },
  );
});
