import type { RawIssue } from '../engine/protocol';
import type { Zone } from '../engine/time/zone';
import type { Caller } from './caller';
import { type Collector, createdAt } from './collector';
import { rangeQuery } from './jql';
import { dateLiteral } from './literal';
import { type Gap, tellMissing } from './missing';
import { estimateLeft, newRange, type Range, splitEvenly, takeLaterHalf } from './ranges';
import { Cursor, isLast, type Page, searchPage } from './search';

/** Less than this is not worth another worker's call. */
const WORTH_TAKING = 1.5;

/** A cursor that Jira loses is begun anew from the last issue seen, so many times without getting further. */
const RESTARTS = 2;

export interface RangeJob {
  readonly where: string;
  readonly fields: readonly string[];
  readonly pageSize: number;
  readonly workers: number;
  /** When the first and the last of the issues were created. */
  readonly oldest: number;
  readonly newest: number;
  readonly zone: Zone;
}

/**
 * Loads every issue by ranges of creation time:
 * 1. as many ranges as workers, from the first creation to the last;
 * 2. each worker pages its range in order of creation;
 * 3. a worker that runs dry takes the later half of what the slowest has left. The victim keeps its cursor and
 *    stops at the first id of the thief's first page, or at its own end where that page is empty.
 *
 * `created` never changes, so an issue that matches throughout is in exactly one range whatever else is edited.
 */
export class RangeLoader {
  readonly #waiting: Range[];
  readonly #running = new Set<Range>();
  readonly #gaps: Gap[] = [];
  #loaded = 0;

  constructor(
    readonly caller: Caller,
    readonly collector: Collector,
    readonly job: RangeJob,
  ) {
    this.#waiting = splitEvenly(job.oldest, job.newest, job.workers, job.zone);
  }

  /** Says what is missing and why; nothing when everything came. Rejects when aborted. */
  async load(): Promise<readonly string[]> {
    await Promise.all(Array.from({ length: this.job.workers }, () => this.#work()));
    return tellMissing(this.#gaps, this.job.zone);
  }

  async #work(): Promise<void> {
    for (let range = this.#next(); range; range = this.#next()) {
      this.#running.add(range);
      try {
        await this.#page(range);
      } catch (error) {
        this.caller.signal?.throwIfAborted();
        this.#failed(range, error);
      } finally {
        this.#running.delete(range);
      }
    }
  }

  #next(): Range | undefined {
    return this.#waiting.shift() ?? this.#steal();
  }

  #steal(): Range | undefined {
    const { oldest, newest, pageSize, zone } = this.job;
    const density = this.#loaded / Math.max(1, newest - oldest);
    const slowest = [...this.#running]
      .map((range) => ({ range, left: estimateLeft(range, density) }))
      .sort((one, other) => other.left - one.left)[0];
    const worth = slowest && slowest.left > WORTH_TAKING * pageSize;
    return worth ? takeLaterHalf(slowest.range, zone) : undefined;
  }

  async #page(range: Range): Promise<void> {
    const { where, fields, pageSize } = this.job;
    const jql = rangeQuery(where, range.from, range.to);
    const cursor = new Cursor();
    for (let token: string | undefined; ; ) {
      const page = await searchPage(this.caller, { jql, fields, maxResults: pageSize, token });
      this.#received(range, page);
      if (this.#ended(range, page)) return;
      token = cursor.after(page);
      if (token === undefined) return this.#restart(range, 'Jira lost its place');
    }
  }

  #received(range: Range, page: Page): void {
    this.#releaseVictim(range, page.issues);
    this.#loaded += this.collector.take(page.issues);
    range.loaded += page.issues.length;
    const last = createdAt(page.issues.at(-1));
    if (last > range.cursor) range.cursor = last;
  }

  /** The thief's first page tells its victim where to stop. */
  #releaseVictim(range: Range, issues: readonly RawIssue[]): void {
    const { victim } = range;
    if (!victim || issues.length === 0) return;
    range.victim = undefined;
    victim.stopAt = new Set(issues.map(({ id }) => id));
    victim.stopAfter = createdAt(issues[0]);
  }

  #ended(range: Range, page: Page): boolean {
    if (isLast(page)) return true;
    return range.cursor > range.stopAfter || page.issues.some(({ id }) => range.stopAt.has(id));
  }

  /** Begins anew at the last issue seen; what comes twice is dropped. */
  #restart(range: Range, reason: string): void {
    const further = range.cursor > range.low;
    const restarts = further ? 0 : range.restarts + 1;
    if (restarts > RESTARTS) {
      this.#gaps.push({ low: range.cursor, high: range.high, reason });
      return;
    }
    const { cursor, to, high } = range;
    const from = further ? dateLiteral(cursor, this.job.zone) : range.from;
    this.#waiting.push(newRange({ from, to, low: cursor, high }, restarts));
  }

  #failed(range: Range, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    this.#restart(range, reason.replace(/\.$/, ''));
  }
}
