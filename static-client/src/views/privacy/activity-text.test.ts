import { expect, test } from 'vitest';
import { activityText } from './activity-text';

function text(event: string, details: Record<string, unknown> = {}): string {
  const entry = { id: '1', at: '2026-01-01T00:00:00Z', event, host: null, subject: null };
  return activityText({ ...entry, account_id: null, details });
}

test('what changed in the sharing of a report is counted, with what was left out of the entry', () => {
  expect(
    text('sharing-changed', {
      visibility: { from: 'private', to: 'limited' },
      administrators: { added: ['a'] },
      accounts: { added: ['a', 'b'], more_added: 1100, removed: ['c'] },
      groups: { removed: ['g', 'h'] },
    }),
  ).toBe(
    'Changed the sharing of a report: private → limited, 1 administrator added, 1,102 people added, 1 person removed, 2 groups removed',
  );
});

test('an installation after an uninstallation is told from a new secret', () => {
  expect(text('reinstalled', { was: 'uninstalled' })).toBe('Sightline was installed again');
  expect(text('reinstalled', { was: 'active' })).toBe('The connection to Jira was renewed');
});

test('an export under way is cancelled, one that has ended is removed', () => {
  expect(text('export-deleted', { was: 'running' })).toBe('Cancelled an export');
  expect(text('export-deleted', { was: 'done' })).toBe('Removed an export');
});

test('a refusal names the route, and says where it may not be the person’s fault', () => {
  const route = 'POST /api/v1/exports';
  expect(text('refused', { route })).toBe('Was refused POST /api/v1/exports');
  expect(text('refused', { route, unchecked: true })).toBe(
    'Was refused POST /api/v1/exports, as Jira could not be asked about their rights',
  );
});

test('an event that this page does not know yet is shown by its own name', () => {
  expect(text('toString')).toBe('toString');
  expect(text('something-new')).toBe('something-new');
});
