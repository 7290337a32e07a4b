import { expect, test } from 'vitest';
import type { FieldMetadata } from '../../engine/protocol';
import { findFields } from './find-fields';

const field = (name: string, id = name.toLowerCase()): FieldMetadata => ({
  id,
  name,
  kind: 'text',
  multiple: false,
});

test('names that begin with the search come first, then the alphabet', () => {
  const fields = ['Updated', 'Last update', 'Status', 'Update count'].map((name) => field(name));
  const { found, more } = findFields(fields, 'UPDATE');
  expect(found.map(({ name }) => name)).toEqual(['Update count', 'Updated', 'Last update']);
  expect(more).toBe(0);
});

test('every word counts, in the name or the id', () => {
  const fields = [field('Story Points', 'customfield_10016'), field('Story'), field('Points')];
  expect(findFields(fields, 'points story').found.map(({ name }) => name)).toEqual(['Story Points']);
  expect(findFields(fields, '10016').found.map(({ name }) => name)).toEqual(['Story Points']);
});

test('thousands of fields show a hundred and tell how many more there are', () => {
  const fields = Array.from({ length: 2407 }, (_, index) => field(`Field ${index}`));
  const { found, more } = findFields(fields, '');
  expect([found.length, more]).toEqual([100, 2307]);
});
