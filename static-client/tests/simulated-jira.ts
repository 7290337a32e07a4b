import type { RawIssue } from '../src/engine/protocol';
import { Zone } from '../src/engine/time/zone';
import type { HostUser, JiraHost, JiraRequest, JiraResponse } from '../src/host/host';
import type { Clock } from '../src/jira/clock';

export interface StoredIssue {
  readonly id: string;
  readonly key: string;
  /** Milliseconds since the epoch; never changes. */
  readonly created: number;
  /** Whether the base query finds it at the moment. */
  matches: boolean;
  readonly fields?: Readonly<Record<string, unknown>>;
}

export interface JiraBehaviour {
  /** Of the caller's profile: literals are read in it. */
  readonly timeZone: string;
  readonly latency: (clock: Clock) => number;
  /** How many issues a page holds at most, whatever was asked. */
  readonly pageLimit: (clock: Clock, asked: number) => number;
  /** An answer in place of the right one, or an error to reject with. */
  readonly fault?: (clock: Clock, call: number, request: SearchBody) => JiraResponse | Error | undefined;
  /** Called before each search: people go on working while a report loads. */
  readonly edit?: (call: number, issues: StoredIssue[]) => void;
}

export interface SearchBody {
  readonly jql: string;
  readonly fields?: readonly string[];
  readonly maxResults?: number;
  readonly nextPageToken?: string;
}

const CALM: JiraBehaviour = {
  timeZone: 'UTC',
  latency: () => 200,
  pageLimit: (_, asked) => asked,
};

/** The part of Jira that a load talks to, over issues in memory: search by position, tokens, literals, faults. */
export class SimulatedJira implements JiraHost {
  readonly kind = 'connect';
  readonly siteUrl = 'https://jira.test';
  readonly history = { current: () => '', push() {}, replace() {}, onChange: () => () => {} };
  readonly queries: SearchBody[] = [];
  points = 0;
  calls = 0;
  mostAtOnce = 0;
  #atOnce = 0;
  readonly #zone: Zone;
  readonly behaviour: JiraBehaviour;

  constructor(
    readonly issues: StoredIssue[],
    readonly clock: Clock,
    behaviour: Partial<JiraBehaviour> = {},
  ) {
    this.behaviour = { ...CALM, ...behaviour };
    this.#zone = new Zone(this.behaviour.timeZone);
  }

  async request(request: JiraRequest): Promise<JiraResponse> {
    this.calls++;
    this.#atOnce++;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
    const call = this.calls;
    await this.clock.sleep(this.behaviour.latency(this.clock), request.signal);
    this.#atOnce--;
    if (request.signal?.aborted) throw new DOMException('Aborted', 'AbortError');
    const body = request.body as SearchBody;
    const fault = this.behaviour.fault?.(this.clock, call, body);
    if (fault instanceof Error) throw fault;
    this.points++;
    if (fault) return fault;
    return request.path.endsWith('approximate-count') ? this.#count() : this.#search(body, call);
  }

  #count(): JiraResponse {
    const exact = this.issues.filter(({ matches }) => matches).length;
    return answer({ count: Math.round(exact * (0.97 + 0.06 * this.clock.random())) });
  }

  #search(body: SearchBody, call: number): JiraResponse {
    this.queries.push(body);
    this.behaviour.edit?.(call, this.issues);
    const found = this.#find(body.jql);
    const after = body.nextPageToken === undefined ? undefined : JSON.parse(atob(body.nextPageToken));
    const rest = after ? found.filter((issue) => this.#compare(body.jql, issue, after) > 0) : found;
    const limit = Math.max(1, this.behaviour.pageLimit(this.clock, body.maxResults ?? 50));
    const page = rest.slice(0, Math.min(limit, body.maxResults ?? 50));
    this.points += page.length;
    const last = page.at(-1);
    const isLast = page.length === rest.length;
    const token = isLast || !last ? {} : { nextPageToken: btoa(JSON.stringify(position(last))) };
    return answer({ issues: page.map((issue) => render(issue, body.fields)), isLast, ...token });
  }

  #find(jql: string): StoredIssue[] {
    const from = this.#literal(/created >= "([^"]*)"/.exec(jql)?.[1]) ?? Number.NEGATIVE_INFINITY;
    const to = this.#literal(/created < "([^"]*)"/.exec(jql)?.[1]) ?? Number.POSITIVE_INFINITY;
    const found = this.issues.filter(({ matches, created }) => matches && created >= from && created < to);
    return found.sort((left, right) => this.#compare(jql, left, right));
  }

  #compare(jql: string, left: Position, right: Position): number {
    const sign = /ORDER BY created DESC/i.test(jql) ? -1 : 1;
    return (
      sign * (left.created - right.created) || left.key.localeCompare(right.key, 'en', { numeric: true })
    );
  }

  /** A literal in the caller's zone; an hour that the clock repeats is its first, one it skips is moved on. */
  #literal(text: string | undefined): number | undefined {
    if (text === undefined) return undefined;
    if (!/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$/.test(text)) throw new Error(`No date to the minute: ${text}`);
    const local = Date.parse(`${text.replace(' ', 'T')}Z`);
    const candidates = [-86_400_000, 86_400_000].map((shift) => local - this.#zone.offset(local + shift));
    const exact = candidates.filter((instant) => instant + this.#zone.offset(instant) === local);
    return Math.min(...(exact.length > 0 ? exact : candidates));
  }

  user(): Promise<HostUser> {
    return Promise.resolve({ accountId: 'me', timeZone: this.behaviour.timeZone, locale: 'en' });
  }

  context(): Promise<Record<string, never>> {
    return Promise.resolve({});
  }

  authorization(): Promise<string> {
    return Promise.resolve('');
  }

  openIssue(): void {}

  onColorMode(): () => void {
    return () => {};
  }
}

type Position = Pick<StoredIssue, 'created' | 'key'>;

function position({ created, key }: StoredIssue): Position {
  return { created, key };
}

function render({ id, key, created, fields }: StoredIssue, wanted: readonly string[] = []): RawIssue {
  const all: Record<string, unknown> = { ...fields, created: jiraTime(created) };
  return {
    id,
    key,
    fields: Object.fromEntries(wanted.filter((name) => name in all).map((name) => [name, all[name]])),
  };
}

/** Jira writes offsets without a colon. */
function jiraTime(instant: number): string {
  return new Date(instant).toISOString().replace('Z', '+0000');
}

export function answer(body: unknown, status = 200, headers: Record<string, string> = {}): JiraResponse {
  return { status, headers, body };
}
