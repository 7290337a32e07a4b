import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Draft } from './draft';
import { type EditAction, editHistory, startHistory } from './edit-history';

const named = (name: string): Draft => ({
  name,
  description: '',
  visibility: 'private',
  definition: { jql: '', columns: [] },
});
const change = (name: string, place?: string): EditAction => ({
  do: 'change',
  draft: named(name),
  ...(place ? { place } : {}),
});
const after = (...actions: EditAction[]) => actions.reduce(editHistory, startHistory(named('start')));
const UNDO: EditAction = { do: 'undo' };
const REDO: EditAction = { do: 'redo' };

test('a change is undone and done again', () => {
  expect(after(change('a'), change('b'), UNDO).present.name).toBe('a');
  expect(after(change('a'), change('b'), UNDO, UNDO).present.name).toBe('start');
  expect(after(change('a'), change('b'), UNDO, UNDO, REDO, REDO).present.name).toBe('b');
});

test('typing in one place is one step, another place or an undo begins the next', () => {
  const typed = [change('a', 'name'), change('ab', 'name'), change('abc', 'name')];
  expect(after(...typed, UNDO).present.name).toBe('start');
  expect(after(...typed, change('x', 'jql'), UNDO).present.name).toBe('abc');
  expect(after(...typed, UNDO, change('z', 'name'), UNDO).present.name).toBe('start');
});

test('a change that changes nothing is no step', () => {
  expect(after(change('a'), change('a'), UNDO).present.name).toBe('start');
});

test('a new change forgets what was undone', () => {
  expect(after(change('a'), UNDO, change('b'), REDO).present.name).toBe('b');
});

test('starting over forgets everything', () => {
  const started = after(change('a'), { do: 'start', draft: named('other') }, UNDO);
  expect(started.present.name).toBe('other');
});

test('as many undos as changes lead back to the start, and redos forward again', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { maxLength: 30 }), (names) => {
      const changed = after(...names.map((name) => change(name)));
      const back = names.map(() => UNDO).reduce(editHistory, changed);
      const forth = names.map(() => REDO).reduce(editHistory, back);
      expect(back.present.name).toBe('start');
      expect(forth.present).toEqual(changed.present);
    }),
  );
});
