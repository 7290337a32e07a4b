import type { ListedReport, NewReport, Report, ReportPage } from './bodies';
import type { Transport } from './transport';

export type { Report, ReportPage, Visibility } from './bodies';

/** What a list holds of a report; times are RFC 3339 UTC, people are Jira account ids. */
export type ReportSummary = ListedReport;

/** What a person sets of a report. */
export type ReportContent = Required<Pick<NewReport, 'name' | 'description' | 'visibility' | 'definition'>>;

export type ReportSort = 'name' | '-name' | 'updated' | '-updated' | 'created' | '-created';

/** In UTF-16 units; the API refuses longer searches. */
export const LONGEST_SEARCH = 100;

export interface ReportQuery {
  /** At most `LONGEST_SEARCH` long. */
  readonly search?: string;
  readonly sort?: ReportSort;
  readonly owner?: string;
  readonly starred?: boolean;
  readonly cursor?: string;
  /** 1 to 100. */
  readonly limit?: number;
}

/** Calls reject with what the transport rejects with. */
export interface Reports {
  list(query: ReportQuery, signal?: AbortSignal): Promise<ReportPage>;
  read(id: string, signal?: AbortSignal): Promise<Report>;
  /** `key` makes a repeated click create one report. */
  create(content: ReportContent, key: string): Promise<Report>;
  /** Rejects with a `Problem` of status 412 when somebody has saved another version than `version`. */
  replace(id: string, version: number, content: ReportContent): Promise<Report>;
  remove(id: string, version: number): Promise<void>;
  /** Takes back a removal that is less than 30 days old; the removal itself made `version`. */
  restore(id: string, version: number): Promise<void>;
  /** The person's own mark. */
  star(id: string, starred: boolean): Promise<void>;
}

export function reportsOver(transport: Transport): Reports {
  return {
    list: async (query, signal) =>
      json(await transport({ path: `/reports${queryText(query)}`, ...given(signal) })),
    read: async (id, signal) => json(await transport({ path: at(id), ...given(signal) })),
    create: async (content, key) =>
      json(
        await transport({
          method: 'POST',
          path: '/reports',
          body: content,
          headers: { 'Idempotency-Key': key },
        }),
      ),
    replace: async (id, version, content) =>
      json(await transport({ method: 'PUT', path: at(id), body: content, headers: ifMatch(version) })),
    remove: async (id, version) => {
      await transport({ method: 'DELETE', path: at(id), headers: ifMatch(version) });
    },
    restore: async (id, version) => {
      await transport({ method: 'POST', path: `${at(id)}/restore`, headers: ifMatch(version) });
    },
    star: async (id, starred) => {
      await transport({ method: starred ? 'PUT' : 'DELETE', path: `${at(id)}/star` });
    },
  };
}

/** Same-shaped for every call: `exactOptionalPropertyTypes` tells an absent signal from `undefined`. */
export function given(signal: AbortSignal | undefined): { signal?: AbortSignal } {
  return signal ? { signal } : {};
}

export async function json<Body>(response: Response): Promise<Body> {
  return (await response.json()) as Body;
}

function at(id: string): string {
  return `/reports/${encodeURIComponent(id)}`;
}

/** A change names the version that it was made from. */
export function ifMatch(version: number): Record<string, string> {
  return { 'If-Match': `"${version}"` };
}

function queryText(query: ReportQuery): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') {
      parameters.set(name, String(value));
    }
  }
  const text = parameters.toString();
  return text ? `?${text}` : '';
}
