import type { KeyboardEvent } from 'react';
import { expect, test } from 'vitest';
import { listKeys } from './list-keys';

/** What a key does in a list of three, and whether the field gets it as well. */
function pressed(key: string, active: number, closable = true): readonly [string, boolean] {
  let done = '';
  let prevented = false;
  const press = listKeys({
    count: 3,
    active,
    onMove: (to) => {
      done = `move ${to}`;
    },
    onPick: (position) => {
      done = `pick ${position}`;
    },
    onClose: closable
      ? () => {
          done = 'close';
        }
      : undefined,
  });
  const preventDefault = () => {
    prevented = true;
  };
  press({ key, preventDefault } as KeyboardEvent);
  return [done, prevented];
}

test('arrows move within the list', () => {
  expect(pressed('ArrowDown', 0)).toEqual(['move 1', true]);
  expect(pressed('ArrowDown', 2)).toEqual(['move 2', true]);
  expect(pressed('ArrowUp', 2)).toEqual(['move 1', true]);
  expect(pressed('ArrowUp', 0)).toEqual(['move 0', true]);
});

test('Enter takes the active option, and nothing where the list has become shorter', () => {
  expect(pressed('Enter', 1)).toEqual(['pick 1', true]);
  expect(pressed('Enter', 3)).toEqual(['', false]);
});

test('Escape closes where there is something to go back to', () => {
  expect(pressed('Escape', 0)).toEqual(['close', true]);
  expect(pressed('Escape', 0, false)).toEqual(['', false]);
});

test('letters are left to the field', () => {
  expect(pressed('a', 0)).toEqual(['', false]);
});
