import { asObject, type JsonObject, textOf } from '../engine/decode/json';
import type { RawIssue } from '../engine/protocol';
import type { Caller } from './caller';
import type { Progress } from './progress';
import { RequestFailed } from './request-failed';

/** Jira's largest page of an issue's worklogs; search embeds 20. */
const PAGE = 5_000;

/** Worklogs that change while they are paged are begun anew, so many times. */
const RESTARTS = 2;

/** As many keys are named as a person reads. */
const NAMED = 3;

const GONE = 404;

/**
 * Passes issues on with all their worklogs in the field `worklog`: at once where search embedded all, otherwise
 * once the rest has been paged. They are paged from the first, not from where search ended: one page holds what
 * was there at one moment, and only then can none be skipped when another is deleted.
 */
export class WorklogLoader {
  readonly #fetching = new Set<Promise<void>>();
  readonly #short = new Map<string, string[]>();
  #stopped = false;

  constructor(
    readonly caller: Caller,
    readonly progress: Progress,
    readonly deliver: (issues: readonly RawIssue[]) => void,
  ) {}

  take(issues: readonly RawIssue[]): void {
    const whole = issues.filter(holdsAll);
    if (whole.length > 0) this.deliver(whole);
    for (const issue of issues) if (!holdsAll(issue)) this.#begin(issue);
  }

  /**
   * Resolves when every issue was passed on; those that failed, or were stopped, with what search embedded.
   * Rejects where some were stopped.
   */
  async settled(): Promise<void> {
    while (this.#fetching.size > 0) await Promise.all(this.#fetching);
    if (this.#stopped) this.caller.signal?.throwIfAborted();
  }

  /** Says whose worklogs are missing and why; nothing when everything came. */
  missing(): readonly string[] {
    return [...this.#short].map(([reason, keys]) => {
      const named = keys.slice(0, NAMED).join(', ');
      const more = keys.length > NAMED ? ` and ${keys.length - NAMED} more issues` : '';
      return `worklogs of ${named}${more} (${reason})`;
    });
  }

  #begin(issue: RawIssue): void {
    const done = this.#complete(issue).finally(() => {
      this.#fetching.delete(done);
      this.progress.worklogsLeft(this.#fetching.size);
    });
    this.#fetching.add(done);
    this.progress.worklogsLeft(this.#fetching.size);
  }

  async #complete(issue: RawIssue): Promise<void> {
    try {
      const worklogs = await this.#read(issue);
      if (worklogs) this.deliver([withWorklogs(issue, worklogs)]);
      else this.progress.dropped();
    } catch (error) {
      this.deliver([issue]);
      if (this.caller.signal?.aborted) this.#stopped = true;
      else this.#failed(issue, error);
    }
  }

  #failed({ key }: RawIssue, error: unknown): void {
    const reason = (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
    const keys = this.#short.get(reason);
    if (keys) keys.push(key);
    else this.#short.set(reason, [key]);
  }

  /** `undefined` where the issue was deleted, or hidden, since search found it. */
  async #read({ id }: RawIssue): Promise<readonly JsonObject[] | undefined> {
    for (let attempt = 0; attempt <= RESTARTS; attempt++) {
      const outcome = await this.#pageThrough(id);
      if (outcome === 'gone') return undefined;
      if (outcome !== 'moved') return outcome;
    }
    throw new Error('they changed again and again while loading');
  }

  /** Each page begins with the last worklog of the one before, which shows when they moved. */
  async #pageThrough(id: string): Promise<readonly JsonObject[] | 'gone' | 'moved'> {
    const held = new Map<string, JsonObject>();
    for (let last: string | undefined; ; last = [...held.keys()].at(-1)) {
      const before = held.size;
      const page = await this.#page(id, Math.max(0, before - 1));
      if (!page) return 'gone';
      if (last !== undefined && textOf(page.worklogs[0] ?? {}, 'id') !== last) return 'moved';
      for (const worklog of page.worklogs) held.set(textOf(worklog, 'id') ?? '', worklog);
      if (held.size >= page.total) return [...held.values()];
      if (held.size === before) return 'moved';
    }
  }

  async #page(id: string, startAt: number): Promise<Worklogs | undefined> {
    const path = `/rest/api/3/issue/${encodeURIComponent(id)}/worklog?startAt=${startAt}&maxResults=${PAGE}`;
    const response = await this.caller.call({ path });
    if (response.status === GONE) return undefined;
    const page = response.status === 200 ? readWorklogs(response.body) : undefined;
    if (!page) throw new RequestFailed(response);
    this.progress.looked(page.worklogs.length);
    return page;
  }
}

interface Worklogs {
  readonly total: number;
  readonly worklogs: readonly JsonObject[];
}

/** A page of worklogs, as search embeds it and as the issue's own list gives it. */
function readWorklogs(raw: unknown): Worklogs | undefined {
  const page = asObject(raw);
  if (!page || !Array.isArray(page.worklogs)) return undefined;
  const worklogs = page.worklogs.flatMap((raw: unknown) => {
    const worklog = asObject(raw);
    return worklog ? [worklog] : [];
  });
  return { total: typeof page.total === 'number' ? page.total : worklogs.length, worklogs };
}

/** Also where Jira tells nothing of worklogs: time tracking can be off, or hidden. */
function holdsAll({ fields }: RawIssue): boolean {
  const embedded = readWorklogs(fields.worklog);
  return !embedded || embedded.worklogs.length >= embedded.total;
}

function withWorklogs(issue: RawIssue, worklogs: readonly JsonObject[]): RawIssue {
  return { ...issue, fields: { ...issue.fields, worklog: { total: worklogs.length, worklogs } } };
}
