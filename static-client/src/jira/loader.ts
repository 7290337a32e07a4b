import type { RawIssue } from '../engine/protocol';
import { Zone } from '../engine/time/zone';
import type { JiraHost } from '../host/host';
import { Caller } from './caller';
import { type Clock, systemClock } from './clock';
import { Collector, createdAt } from './collector';
import { type JqlParts, JqlUnclear, rangeQuery, takeApart } from './jql';
import type { LoadRequest, LoadResult } from './loading';
import { Progress } from './progress';
import { RangeLoader } from './range-loader';
import { approximateCount, isLast, type Page, searchPage } from './search';
import { loadSequentially } from './sequential';
import { Throttle } from './throttle';
import { WorklogLoader } from './worklogs';

const CONCURRENCY = 5;

/** Jira's largest pages: with fields, and with nothing but ids and keys. */
const PAGE = 100;
const KEYS_PAGE = 5_000;

/**
 * Loads every issue that a query finds, with the rights of the person in front of the screen.
 *
 * Jira must accept the query as written first; one page or less costs that one call. Beyond it, ranges of
 * creation time are loaded side by side (see RangeLoader); a query that cannot be taken apart for certain is
 * paged to its end instead. Calls back with issues as they come, each once and in no order.
 *
 * Throws QueryRefused where Jira refuses the query, RequestFailed or the host's error where the first page did
 * not come. Resolves with `complete: false` and says what is missing where a later one did not, or when the
 * signal aborts.
 */
export async function load(
  host: JiraHost,
  request: LoadRequest,
  clock: Clock = systemClock,
): Promise<LoadResult> {
  const progress = new Progress(clock, request.onProgress);
  const missing = await new Load(host, request, clock, progress).run().catch((error: unknown) => {
    if (!request.signal?.aborted) throw error;
    return ['the rest, as loading was stopped'];
  });
  return { complete: missing.length === 0, ...progress.summary(), missing };
}

class Load {
  readonly #caller: Caller;
  readonly #collector: Collector;
  readonly #worklogs: WorklogLoader | undefined;
  readonly #workers: number;

  constructor(
    readonly host: JiraHost,
    readonly request: LoadRequest,
    readonly clock: Clock,
    readonly progress: Progress,
  ) {
    this.#workers = Math.max(1, request.concurrency ?? CONCURRENCY);
    const events = {
      onCall: () => progress.called(),
      onWait: (wait: Parameters<Progress['waiting']>[0]) => progress.waiting(wait),
    };
    this.#caller = new Caller(host, new Throttle(this.#workers, clock), clock, events, request.signal);
    const pass = (issues: readonly RawIssue[]) => request.onIssues(issues);
    this.#worklogs = request.worklogs ? new WorklogLoader(this.#caller, progress, pass) : undefined;
    const worklogs = this.#worklogs;
    this.#collector = new Collector(progress, worklogs ? (issues) => worklogs.take(issues) : pass);
  }

  /** Says what is missing. */
  async run(): Promise<readonly string[]> {
    const missing = await this.#issues().finally(() => this.#worklogs?.settled());
    return [...missing, ...(this.#worklogs?.missing() ?? [])];
  }

  async #issues(): Promise<readonly string[]> {
    const { jql } = this.request;
    const search = { jql, fields: this.#fields(), maxResults: this.#pageSize() };
    const first = await searchPage(this.#caller, search);
    this.#collector.take(first.issues);
    if (isLast(first)) {
      this.progress.estimated(this.progress.loaded);
      return [];
    }
    const parts = this.#keysOnly() ? undefined : partsOf(jql);
    if (!parts || Number.isNaN(createdAt(first.issues[0]))) return this.#sequentially(first);
    return this.#byRanges(parts, first);
  }

  async #sequentially(first: Page): Promise<readonly string[]> {
    const { jql } = this.request;
    void this.#estimate(jql);
    const search = { jql, fields: this.#fields(), maxResults: this.#pageSize() };
    return loadSequentially(this.#caller, this.#collector, search, first);
  }

  async #byRanges({ where }: JqlParts, first: Page): Promise<readonly string[]> {
    const [user, oldest, newest] = await Promise.all([
      this.host.user(),
      this.#edge(where, 'ASC'),
      this.#edge(where, 'DESC'),
      this.#estimate(where),
    ]);
    if (Number.isNaN(oldest) || Number.isNaN(newest)) return this.#sequentially(first);
    const job = { where, fields: this.#fields(), pageSize: PAGE, workers: this.#workers, oldest, newest };
    return new RangeLoader(this.#caller, this.#collector, { ...job, zone: zoneOf(user.timeZone) }).load();
  }

  /** When the first or the last of the issues was created; NaN where Jira does not tell. */
  #edge(where: string, direction: 'ASC' | 'DESC'): Promise<number> {
    return this.#askEdge(where, direction).catch(() => {
      this.request.signal?.throwIfAborted();
      return Number.NaN;
    });
  }

  async #askEdge(where: string, direction: 'ASC' | 'DESC'): Promise<number> {
    const jql = rangeQuery(where, undefined, undefined).replace(
      /ORDER BY.*$/,
      `ORDER BY created ${direction}`,
    );
    const page = await searchPage(this.#caller, { jql, fields: ['created'], maxResults: 1 });
    this.progress.looked(page.issues.length);
    return createdAt(page.issues[0]);
  }

  /** The report loads as well without knowing how much there is. */
  async #estimate(jql: string): Promise<void> {
    const count = await approximateCount(this.#caller, jql).catch(() => undefined);
    if (count !== undefined) this.progress.estimated(count);
  }

  #keysOnly(): boolean {
    return this.request.fields.length === 0 && !this.#worklogs;
  }

  #fields(): readonly string[] {
    if (this.#keysOnly()) return ['id', 'key'];
    return [...new Set([...this.request.fields, ...(this.#worklogs ? ['worklog'] : []), 'created'])];
  }

  #pageSize(): number {
    return this.#keysOnly() ? KEYS_PAGE : PAGE;
  }
}

function partsOf(jql: string): JqlParts | undefined {
  try {
    return takeApart(jql);
  } catch (error) {
    if (error instanceof JqlUnclear) return undefined;
    throw error;
  }
}

/** Literals in a wrong zone still part the issues, only less evenly. */
function zoneOf(name: string): Zone {
  try {
    return new Zone(name);
  } catch {
    return new Zone('UTC');
  }
}
