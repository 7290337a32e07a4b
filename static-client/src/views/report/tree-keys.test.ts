import { expect, test } from 'vitest';
import type { Row } from '../../engine/protocol';
import { treeAction } from './tree-keys';

const group = (depth: number, path: string, expanded: boolean, parent?: number): Row => ({
  kind: 'group',
  depth,
  path,
  field: 'Status',
  label: { values: [] },
  count: 1,
  share: 1,
  expanded,
  cells: [],
  ...(parent !== undefined && { parent }),
});
const issue = (depth: number, key: string, parent: number): Row => ({
  kind: 'issue',
  depth,
  id: key,
  key,
  cells: [],
  parent,
});

const ROWS = [
  group(0, 'a', true),
  group(1, 'a1', true, 0),
  issue(2, 'A-1', 1),
  issue(2, 'A-2', 1),
  group(1, 'a2', false, 0),
  group(0, 'b', false),
];
const press = (key: string, active: number) =>
  treeAction(key, { active, rowCount: ROWS.length, page: 3, row: (index) => ROWS[index] });
const to = (index: number) => ({ do: 'move', to: index });

test.each([
  ['ArrowDown', 0, 1],
  ['ArrowUp', 0, 0],
  ['ArrowDown', 5, 5],
  ['PageDown', 1, 4],
  ['PageUp', 1, 0],
  ['Home', 4, 0],
  ['End', 0, 5],
])('%s on row %d goes to row %d', (key, active, target) => {
  expect(press(key, active)).toEqual(to(target));
});

test('right opens a closed group and enters an open one', () => {
  expect(press('ArrowRight', 5)).toEqual({ do: 'toggle', path: 'b' });
  expect(press('ArrowRight', 0)).toEqual(to(1));
  expect(press('ArrowRight', 2)).toBeUndefined();
});

test('left closes an open group, and leaves a closed one or an issue for its parent', () => {
  expect(press('ArrowLeft', 1)).toEqual({ do: 'toggle', path: 'a1' });
  expect(press('ArrowLeft', 3)).toEqual(to(1));
  expect(press('ArrowLeft', 4)).toEqual(to(0));
  expect(press('ArrowLeft', 5)).toBeUndefined();
});

test('left finds a parent whose rows are not fetched', () => {
  const far = issue(1, 'A-9', 2);
  const row = (index: number) => (index === 900 ? far : undefined);
  expect(treeAction('ArrowLeft', { active: 900, rowCount: 1000, page: 3, row })).toEqual(to(2));
});

test('enter opens an issue and turns a group', () => {
  expect(press('Enter', 2)).toEqual({ do: 'open', issueKey: 'A-1' });
  expect(press('Enter', 4)).toEqual({ do: 'toggle', path: 'a2' });
  expect(press(' ', 2)).toBeUndefined();
});

test('other keys are left to the browser', () => {
  expect(press('Tab', 0)).toBeUndefined();
});

test('P tells the projects of a group apart, and makes a part’s group one again', () => {
  const whole = { ...group(0, 'w', false), projects: [{ key: 'AB', count: 2 }] };
  const part = { ...group(0, 'p', false), part: { project: 'AB', of: 'w' } };
  const rows: readonly Row[] = [whole, part, group(0, 'other', false), issue(1, 'AB-1', 2)];
  const pressed = (active: number, key: string) =>
    treeAction(key, { active, rowCount: rows.length, page: 2, row: (index) => rows[index] });
  expect(pressed(0, 'p')).toEqual({ do: 'tell apart', path: 'w' });
  expect(pressed(1, 'P')).toEqual({ do: 'tell apart', path: 'w' });
  expect(pressed(2, 'p')).toBeUndefined();
  expect(pressed(3, 'p')).toBeUndefined();
});
