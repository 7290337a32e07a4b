import type { RawIssue } from '../../src/engine/protocol';
import { load } from '../../src/jira/loader';
import type { LoadProgress, LoadResult } from '../../src/jira/loading';
import { type Session, SiteHost } from './site-host';

interface Job {
  readonly session: Session;
  readonly jql: string;
  readonly fields: readonly string[];
  readonly worklogs?: boolean;
  readonly concurrency?: number;
  /** Stops the load once so many issues have come. */
  readonly stopAfter?: number;
  /** Gives the issues with their fields, not their ids alone. */
  readonly whole?: boolean;
}

interface Outcome {
  /** Absent where the load failed from the start. */
  readonly result?: LoadResult;
  readonly failure?: string;
  /** As they came, so that one that came twice shows. */
  readonly ids: readonly string[];
  readonly issues: readonly RawIssue[];
  /** Different reasons for which the load waited. */
  readonly waits: readonly string[];
  readonly lastProgress?: LoadProgress;
  /** Mean of all answered calls. */
  readonly millisecondsPerCall: number;
}

/** Runs the client's own loader against a site and tells what came. */
export async function run(job: Job): Promise<Outcome> {
  const host = new SiteHost(job.session);
  const issues: RawIssue[] = [];
  const waits = new Set<string>();
  const stop = new AbortController();
  let lastProgress: LoadProgress | undefined;
  const loading = load(host, {
    jql: job.jql,
    fields: job.fields,
    worklogs: job.worklogs === true,
    ...(job.concurrency !== undefined && { concurrency: job.concurrency }),
    signal: stop.signal,
    onIssues: (page) => issues.push(...page),
    onProgress: (progress) => {
      lastProgress = progress;
      if (progress.waiting) waits.add(progress.waiting.reason);
      if (job.stopAfter !== undefined && progress.loaded >= job.stopAfter) stop.abort();
    },
  });
  const ended = await loading.then(
    (result) => ({ result }),
    (error: unknown) => ({ failure: String(error) }),
  );
  return {
    ...ended,
    ids: issues.map(({ id }) => id),
    issues: job.whole ? issues : [],
    waits: [...waits],
    ...(lastProgress && { lastProgress }),
    millisecondsPerCall: host.times.reduce((sum, time) => sum + time, 0) / Math.max(1, host.times.length),
  };
}
