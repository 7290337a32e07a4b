import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Draft, itemsOf, pruned, sameDraft, withAdded, withItem, withMoved, withoutItem } from './draft';

const ids = (draft: Draft) =>
  itemsOf(draft, 'columns').map(({ of }) => ('field' in of ? of.field : of.formula));

function draftWith(...fields: string[]): Draft {
  const columns = fields.map((field) => ({ of: { field } }));
  return { name: 'n', description: '', visibility: 'private', definition: { jql: 'a = b', columns } };
}

test('items are added at the end, changed in place and taken away', () => {
  const start = draftWith('a', 'b');
  const added = withAdded(start, 'columns', { field: 'c' });
  expect(ids(added)).toEqual(['a', 'b', 'c']);
  expect(ids(withItem(added, 'columns', 1, { of: { field: 'x' } }))).toEqual(['a', 'x', 'c']);
  expect(ids(withoutItem(added, 'columns', 0))).toEqual(['b', 'c']);
  expect(ids(start)).toEqual(['a', 'b']);
});

test('a list that becomes empty is left out of the definition, but columns are not', () => {
  const grouped = withAdded(draftWith('a'), 'groups', { field: 'status' });
  expect('groups' in withoutItem(grouped, 'groups', 0).definition).toBe(false);
  expect(withoutItem(draftWith('a'), 'columns', 0).definition.columns).toEqual([]);
});

test('moving keeps every item and puts the moved one where it was asked to go', () => {
  const cases = fc
    .uniqueArray(fc.stringMatching(/^[a-z]{1,5}$/), { minLength: 1, maxLength: 8 })
    .chain((fields) => fc.tuple(fc.constant(fields), fc.nat(fields.length - 1), fc.nat(fields.length - 1)));
  fc.assert(
    fc.property(cases, ([fields, from, to]) => {
      const moved = ids(withMoved(draftWith(...fields), 'columns', from, to));
      expect([...moved].sort()).toEqual([...fields].sort());
      expect(moved[to]).toBe(fields[from]);
    }),
  );
});

test('moving beyond the ends changes nothing', () => {
  const start = draftWith('a', 'b');
  expect(withMoved(start, 'columns', 0, -1)).toBe(start);
  expect(withMoved(start, 'columns', 1, 2)).toBe(start);
  expect(withMoved(start, 'columns', 5, 0)).toBe(start);
});

test('undefined members are left out, false and zero are kept', () => {
  expect(pruned<{ a?: number; b?: boolean; c?: string }>({ a: 0, b: false, c: undefined })).toEqual({
    a: 0,
    b: false,
  });
});

test('drafts are the same by content', () => {
  expect(sameDraft(draftWith('a'), draftWith('a'))).toBe(true);
  expect(sameDraft(draftWith('a'), draftWith('b'))).toBe(false);
});
