import type { Import, ImportCheck, ImportCounts } from '../../server/imports';
import { formatCount } from '../text/format';

/** One kind of thing that a file holds: how many would come, and what would not. */
export interface Line {
  readonly what: string;
  readonly comes: number;
  readonly left: number;
  /** Why some would be left out. */
  readonly why?: string;
}

/** What an import would do, by kind; kinds of which the file has nothing are left out. */
export function linesOf({ adds, leaves_out: left }: ImportCheck): Line[] {
  const lines: Line[] = [
    { what: 'Reports', comes: adds.reports, left: 0 },
    { what: 'Deleted reports that can be restored', comes: adds.deleted_reports, left: 0 },
    { what: 'Earlier versions of reports', comes: adds.versions, left: 0 },
    { what: 'Stars', comes: adds.stars, left: left.stars, why: 'of people whom this site does not know' },
    {
      what: 'Choices of gadgets',
      comes: adds.gadgets,
      left: left.gadgets,
      why: 'their places show a report already, or are another site’s',
    },
    {
      what: 'Settings',
      comes: adds.settings,
      left: left.settings,
      why: 'this site has its own',
    },
  ];
  return lines.filter(({ comes, left: lost }) => comes > 0 || lost > 0);
}

/** What somebody should know before they import, a sentence each. */
export function remarksOf({ leaves_out, fields, accounts }: ImportCheck): string[] {
  const { projects } = leaves_out;
  const { unknown_number: unknown, replaced_administrators: replaced, unchecked } = accounts;
  return [
    projects > 0 &&
      `${plural(projects, 'report is', 'reports are')} shared with projects of the other site; that sharing is left out.`,
    unknown > 0 &&
      `${plural(unknown, 'account is', 'accounts are')} unknown here and left out of sharing and stars.`,
    replaced > 0 &&
      `You become an administrator of ${plural(replaced, 'report', 'reports')} in place of unknown accounts.`,
    unchecked > 0 &&
      `Jira could not be asked about ${plural(unchecked, 'account; it is', 'accounts; they are')} taken as known.`,
    fields.unchecked && 'Jira could not be asked whether this site has all fields that the reports name.',
  ].filter((remark) => remark !== false);
}

/** `12 reports, 1 deleted report, 30 versions`: what an import made. */
export function madeText(made: ImportCounts): string {
  const parts = [
    [made.deleted_reports, 'deleted report', 'deleted reports'],
    [made.versions, 'version', 'versions'],
    [made.stars, 'star', 'stars'],
    [made.gadgets, 'gadget', 'gadgets'],
    [made.settings, 'setting', 'settings'],
  ] as const;
  const others = parts.filter(([count]) => count > 0).map(([count, one, many]) => plural(count, one, many));
  return [reportsText(made.reports), ...others].join(', ');
}

/** `1 report`, `4,812 reports`. */
export function reportsText(count: number): string {
  return plural(count, 'report', 'reports');
}

/** What the button says that applies an import; how much is in a file with problems nobody knows. */
export function applyText({ adds, problems }: ImportCheck): string {
  return problems.length > 0 ? 'Import' : `Import ${reportsText(adds.reports + adds.deleted_reports)}`;
}

/** What the server is at, with how far it is where that is known. */
export function workText({ state, step, done, total }: Import): string {
  const verb = step === 'apply' ? 'Importing' : 'Checking the file';
  if (state === 'queued') {
    return `${verb}: waiting to start`;
  }
  return total ? `${verb}: ${Math.min(Math.floor((100 * done) / total), 99)} %` : `${verb}…`;
}

function plural(count: number, one: string, many: string): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
