import { asObject, textOf } from '../engine/decode/json';
import type { RawIssue } from '../engine/protocol';
import type { JiraResponse } from '../host/host';
import type { Caller } from './caller';
import { QueryRefused } from './loading';
import { messagesOf, RequestFailed } from './request-failed';

/** One page of `/search/jql`. */
export interface Page {
  readonly issues: readonly RawIssue[];
  /** Where the next page begins. */
  readonly token?: string;
  /** Jira said so; absent where it did not say. */
  readonly isLast?: boolean;
}

export interface SearchRequest {
  readonly jql: string;
  readonly fields: readonly string[];
  readonly maxResults: number;
  readonly token?: string | undefined;
}

/** Jira's answer was 200, but not a page of issues. */
class PageUnreadable extends Error {
  constructor() {
    super('Jira’s answer could not be read.');
    this.name = 'PageUnreadable';
  }
}

/** So many pages in a row without an issue, and the cursor leads nowhere; Jira may send some. */
const MOST_EMPTY = 10;

/** Follows a cursor, and tells when Jira has lost its place: a token that comes again, or none, or empty pages. */
export class Cursor {
  readonly #seen = new Set<string>();
  #empty = 0;

  /** The token of the next page; `undefined` where there is none to trust. Not for a last page. */
  after({ token, issues }: Page): string | undefined {
    this.#empty = issues.length === 0 ? this.#empty + 1 : 0;
    if (token === undefined || this.#seen.has(token) || this.#empty > MOST_EMPTY) return undefined;
    this.#seen.add(token);
    return token;
  }
}

/** No further page follows; where Jira does not say so, the absence of a token does. */
export function isLast({ isLast: said, token }: Page): boolean {
  return said === true || (said === undefined && token === undefined);
}

/** Throws QueryRefused on 400, RequestFailed on other errors, PageUnreadable. */
export async function searchPage(caller: Caller, request: SearchRequest): Promise<Page> {
  const { jql, fields, maxResults, token } = request;
  const body = { jql, fields, maxResults, ...(token !== undefined && { nextPageToken: token }) };
  const response = await caller.call({ method: 'POST', path: '/rest/api/3/search/jql', body });
  if (response.status === 400) throw refusal(response);
  if (response.status !== 200) throw new RequestFailed(response);
  return readPage(response.body);
}

/** Jira's estimate, up to a few percent off; `undefined` where it has none. */
export async function approximateCount(caller: Caller, jql: string): Promise<number | undefined> {
  const path = '/rest/api/3/search/approximate-count';
  const response = await caller.call({ method: 'POST', path, body: { jql } });
  const count = asObject(response.body)?.count;
  return response.status === 200 && typeof count === 'number' ? count : undefined;
}

function refusal(response: JiraResponse): QueryRefused {
  const messages = messagesOf(response.body);
  return new QueryRefused(400, messages.length > 0 ? messages : ['Jira refused the query.']);
}

function readPage(body: unknown): Page {
  const page = asObject(body);
  if (!page || !Array.isArray(page.issues)) throw new PageUnreadable();
  const token = textOf(page, 'nextPageToken');
  return {
    issues: page.issues.map(readIssue),
    ...(token !== undefined && { token }),
    ...(typeof page.isLast === 'boolean' && { isLast: page.isLast }),
  };
}

function readIssue(raw: unknown): RawIssue {
  const issue = asObject(raw);
  const id = issue && textOf(issue, 'id');
  const key = issue && textOf(issue, 'key');
  if (!issue || id === undefined || key === undefined) throw new PageUnreadable();
  return { id, key, fields: asObject(issue.fields) ?? {} };
}
