import { expect, test } from 'vitest';
import { newDraft, TEMPLATES } from './templates';

test('every template has an address, a bounded query and columns', () => {
  for (const { id, definition } of TEMPLATES) {
    expect(id).toMatch(/^[a-z-]{1,40}$/);
    expect(definition.jql).toContain('created >=');
    expect(definition.columns.length).toBeGreaterThan(0);
    expect(newDraft(id, undefined).definition).toEqual(definition);
  }
});

test('a report made within a project asks for its issues only', () => {
  expect(newDraft(undefined, 'ACME').definition.jql).toMatch(/^project = "ACME" AND created/);
  expect(newDraft('unknown', 'A"\\B').definition.jql).toMatch(/^project = "A\\"\\\\B" AND /);
});
