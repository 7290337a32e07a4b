import { expect, test } from 'vitest';
import { type Draft, withItem } from './draft';
import { faultsBeside, faultsElsewhere, faultsUnder, standing } from './faults';

const DRAFT: Draft = {
  name: '',
  description: '',
  visibility: 'private',
  definition: {
    jql: '',
    columns: [{ of: { field: 'a' } }, { of: { field: 'b' }, aggregate: 'sum' }],
    groups: [{ of: { field: 'g' } }],
  },
};
const FAULTS = [
  { pointer: '/name', detail: 'is too short' },
  { pointer: '/definition/columns/1/aggregate', detail: 'does not fit' },
  { pointer: '/definition/columns/1/of', detail: 'is no field' },
  { pointer: '/definition/columns/10/of', detail: 'another column' },
  { pointer: '/definition/options/zone', detail: 'is no zone' },
  { pointer: '', detail: 'is too large' },
];

test('faults are found at and under a pointer, not at its neighbours', () => {
  expect(faultsUnder(FAULTS, '/definition/columns/1')).toEqual(['does not fit', 'is no field']);
  expect(faultsUnder(FAULTS, '/definition/columns/1/aggregate')).toEqual(['does not fit']);
  expect(faultsUnder(FAULTS, '/nam')).toEqual([]);
});

test('what no field shows is shown beside them', () => {
  expect(faultsBeside(FAULTS, '/definition/columns/1', ['aggregate', 'label'])).toEqual(['is no field']);
});

test('faults without a place in the editor are told with their pointer', () => {
  expect(faultsElsewhere(FAULTS)).toEqual(['/definition/options/zone: is no zone', 'is too large']);
});

test('a fault stands until what it is about has changed', () => {
  const refusal = { draft: DRAFT, faults: FAULTS.slice(0, 3) };
  expect(standing(undefined, DRAFT)).toEqual([]);
  expect(standing(refusal, DRAFT)).toHaveLength(3);
  const named = { ...DRAFT, name: 'n' };
  expect(standing(refusal, named).map(({ pointer }) => pointer)).not.toContain('/name');
  const mended = withItem(DRAFT, 'columns', 1, { of: { field: 'b' } });
  expect(standing(refusal, mended).map(({ pointer }) => pointer)).toEqual([
    '/name',
    '/definition/columns/1/of',
  ]);
});
