import { expect, test } from 'vitest';
import type { Definition } from '../../definition';
import type { View, ViewColumn } from '../../engine/protocol';
import { headerText, layoutOf } from './layout';

const column = (index: number, label: string, more: Partial<ViewColumn> = {}): ViewColumn => ({
  index,
  label,
  kind: 'text',
  numeric: false,
  missing: false,
  ...more,
});

function viewOf(columns: ViewColumn[], groupLabels: string[] = []): View {
  return {
    revision: 1,
    columns,
    rowCount: 0,
    issueCount: 0,
    heldCount: 0,
    groupLabels,
    totals: [],
    notices: [],
  };
}

const definition: Definition = {
  jql: '',
  columns: [{ of: { field: 'issuekey' } }, { of: { field: 'summary' } }, { of: { field: 'votes' } }],
  groups: [{ of: { field: 'created' }, by: 'month' }, { of: { field: 'status' } }],
};
const KEY = column(0, 'Key', { kind: 'key' });
const SUMMARY = column(1, 'Summary', { width: 500 });
const VOTES = column(2, 'Votes', { kind: 'number', numeric: true });

test('key and summary stand in the tree, under the names of the groups', () => {
  const layout = layoutOf(viewOf([KEY, SUMMARY, VOTES], ['Created', 'Status']), definition, new Map());
  expect(layout).toMatchObject({ inTree: [0, 1], beside: [2], treeLabel: 'Created, month › Status › Issue' });
  expect(layout.widths).toEqual([500, 128]);
});

test('a summary that is not next to the key is a column', () => {
  const layout = layoutOf(viewOf([KEY, VOTES, SUMMARY]), definition, new Map());
  expect(layout).toMatchObject({ inTree: [0], beside: [1, 2] });
});

test('a first column that is summed stays a column, so that groups show its total', () => {
  const votes = { ...VOTES, aggregate: 'sum' as const };
  expect(layoutOf(viewOf([votes, KEY]), definition, new Map())).toMatchObject({ inTree: [], beside: [0, 1] });
});

test('without groups the first column, whatever it is, is the tree', () => {
  const layout = layoutOf(viewOf([VOTES, KEY]), definition, new Map());
  expect(layout).toMatchObject({ inTree: [0], treeLabel: 'Votes' });
});

test('widths that were dragged win', () => {
  const resized = new Map([
    [-1, 90],
    [2, 60],
  ]);
  expect(layoutOf(viewOf([KEY, SUMMARY, VOTES]), definition, resized).widths).toEqual([90, 60]);
});

test('the heading names the aggregate', () => {
  expect(headerText(column(0, 'Points', { aggregate: 'sum' }))).toBe('Σ Points');
  expect(headerText(column(0, 'Age', { aggregate: { percentile: 85 } }))).toBe('Age, percentile 85');
  expect(headerText(column(0, 'Status'))).toBe('Status');
});
