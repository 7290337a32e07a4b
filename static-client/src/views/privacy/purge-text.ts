import { Problem } from '../../server/problem';
import type { PurgeReceipt } from '../../server/purges';

/** What goes and what stays; each list is in the order of what people miss most. */
export const GOES: readonly string[] = [
  'all reports, deleted ones too, with their sharing, earlier versions and stars',
  'the choices of gadgets on dashboards',
  'the contact addresses and the activity on this page',
  'exports and imports with their files, and everything else that is waiting',
];
export const STAYS: readonly string[] = [
  'Jira’s own data: no issue is touched',
  'the connection to Jira, so that Sightline goes on working with an empty list',
  'a receipt that names nobody',
  'backups, for 35 days at most; one that is restored has all of this removed again',
];

/** Tables of the database in plain words; a table of a newer server goes by its own name. */
const TABLES: Readonly<Record<string, string>> = {
  accepted_callbacks: 'Hashes of installation callbacks',
  account_keys: 'Keys of hashed accounts',
  account_report_cycles: 'Notes of accounts reported to Atlassian',
  audit: 'Entries of the activity',
  change_marks: 'Marks of changes',
  gadgets: 'Choices of gadgets',
  hashed_accounts: 'Hashed accounts',
  import_parts: 'Parts of imports',
  imports: 'Imports',
  notification_messages: 'E-mails to your contacts',
  purge_receipts: 'Earlier receipts',
  report_versions: 'Earlier versions of reports',
  reports: 'Reports',
  site_settings: 'Settings',
  stars: 'Stars',
  tasks: 'Exports and other tasks',
  tenants: 'The connection to Jira',
};

export interface Removed {
  readonly what: string;
  readonly count: number;
}

/** What a purge removed, the most first, without what there was nothing of. */
export function removedBy({ counts, files }: PurgeReceipt): Removed[] {
  const rows = Object.entries(counts).map(([table, count]) => ({ what: nameOf(table), count }));
  return [...rows, { what: 'Files', count: files }]
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || a.what.localeCompare(b.what));
}

function nameOf(table: string): string {
  return (Object.hasOwn(TABLES, table) && TABLES[table]) || table;
}

/** Who wanted it, for the end of a sentence. */
export const ASKED_BY: Readonly<Record<PurgeReceipt['asked_by'], string>> = {
  'site admin': 'a Jira admin of this site',
  operator: 'the operator of this service, on a written request',
  retention: 'the operator’s rule for sites that uninstalled Sightline',
};

/** The receipt as the file that a person keeps. */
export function receiptFile(receipt: PurgeReceipt): { readonly name: string; readonly content: Blob } {
  const text = `${JSON.stringify(receipt, null, 2)}\n`;
  return {
    name: `sightline-purge-${receipt.ended_at.slice(0, 10)}.json`,
    content: new Blob([text], { type: 'application/json' }),
  };
}

/** What is wrong with the name that should confirm a purge; nothing where the error is about something else. */
export function confirmFaults(error: unknown): string[] {
  return error instanceof Problem && error.status === 422
    ? error.faults.map(({ detail }) => `This ${detail}.`)
    : [];
}
