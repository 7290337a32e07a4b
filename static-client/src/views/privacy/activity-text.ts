import type { AuditEntry } from '../../server/audit';
import { formatCount } from '../text/format';

type Details = AuditEntry['details'];

const WORDS: Readonly<Record<string, (details: Details) => string>> = {
  installed: () => 'Sightline was installed',
  reinstalled: ({ was }) =>
    was === 'uninstalled' ? 'Sightline was installed again' : 'The connection to Jira was renewed',
  moved: ({ from, to }) => `The site moved from ${from} to ${to}`,
  uninstalled: () => 'Sightline was uninstalled',
  enabled: () => 'Sightline was enabled',
  disabled: () => 'Sightline was disabled',
  'sharing-changed': (details) => `Changed the sharing of a report: ${sharing(details)}`,
  'report-taken-over': () => 'Took over a report',
  'export-requested': () => 'Asked for an export',
  'export-downloaded': () => 'Downloaded an export',
  'export-deleted': ({ was }) =>
    ['waiting', 'queued', 'running'].includes(String(was)) ? 'Cancelled an export' : 'Removed an export',
  'import-applied': () => 'Applied an import',
  'purge-requested': () => 'Asked to remove all data',
  'purge-aborted': () => 'Called off the removal of all data',
  'settings-changed': () => 'Changed the settings',
  refused: ({ route, unchecked }) =>
    `Was refused ${route}${unchecked ? ', as Jira could not be asked about their rights' : ''}`,
};

const SHARED: readonly (readonly [name: string, one: string, many: string])[] = [
  ['administrators', 'administrator', 'administrators'],
  ['accounts', 'person', 'people'],
  ['groups', 'group', 'groups'],
  ['projects', 'project', 'projects'],
];

/** What happened, in plain words. An event of a newer server is shown by its own name. */
export function activityText({ event, details }: AuditEntry): string {
  return Object.hasOwn(WORDS, event) ? (WORDS[event]?.(details) ?? event) : event;
}

/** `private → limited, 2 people added, 1 group removed`. */
function sharing(details: Details): string {
  const { visibility } = details;
  const { from, to } = record(visibility);
  const parts = to === undefined ? [] : [`${from} → ${to}`];
  for (const [name, one, many] of SHARED) {
    const change = record(details[name]);
    for (const verb of ['added', 'removed']) {
      const count = counted(change[verb]) + Number(change[`more_${verb}`] ?? 0);
      if (count > 0) {
        parts.push(`${formatCount(count)} ${count === 1 ? one : many} ${verb}`);
      }
    }
  }
  return parts.join(', ');
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function counted(ids: unknown): number {
  return Array.isArray(ids) ? ids.length : 0;
}
