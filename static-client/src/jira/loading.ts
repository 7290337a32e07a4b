/** What a load of a report's issues promises and tells; `load` in `loader.ts` carries it out. */
import type { RawIssue } from '../engine/protocol';

export interface LoadRequest {
  /** The base query as its author wrote it, order included. */
  readonly jql: string;
  /** Ids of the fields that the report needs, and no others. */
  readonly fields: readonly string[];
  /** Each issue comes with all its worklogs in the field `worklog`, however many there are. */
  readonly worklogs?: boolean;
  /** Ranges loaded at once; adapts downwards to what Jira allows. */
  readonly concurrency?: number;
  readonly signal?: AbortSignal;
  /** Called with each page's new issues; an id comes once. */
  onIssues(issues: readonly RawIssue[]): void;
  onProgress?(progress: LoadProgress): void;
}

export interface LoadProgress {
  readonly loaded: number;
  /** Jira's approximate count; `undefined` until known. */
  readonly estimate?: number;
  readonly calls: number;
  /** Rate-limit points spent: one a call, and one an issue or worklog that came. */
  readonly points: number;
  /** Issues a second over the last seconds. */
  readonly rate: number;
  readonly remainingSeconds?: number;
  /** Issues whose worklogs are still being read; set where worklogs are loaded. */
  readonly worklogsLeft?: number;
  /** Set while Jira asks us to wait. */
  readonly waiting?: { readonly seconds: number; readonly reason: string };
}

export interface LoadResult {
  /** Every range ended and nothing was refused. */
  readonly complete: boolean;
  readonly loaded: number;
  readonly estimate?: number;
  readonly calls: number;
  readonly points: number;
  readonly seconds: number;
  /** Plain statements of what is missing and why; empty when complete. */
  readonly missing: readonly string[];
}

/** Jira refused the query itself; `messages` are Jira's own words. */
export class QueryRefused extends Error {
  constructor(
    readonly status: number,
    readonly messages: readonly string[],
  ) {
    super(messages.join(' '));
    this.name = 'QueryRefused';
  }
}
