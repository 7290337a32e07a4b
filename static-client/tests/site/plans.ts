import type { RawIssue } from '../../src/engine/protocol';
import { load } from '../../src/jira/loader';
import { type Session, SiteHost } from './site-host';

interface Job {
  readonly session: Session;
  readonly plan: keyof typeof PLANS;
  readonly jql: string;
  readonly fields: readonly string[];
}

interface Outcome {
  readonly seconds: number;
  readonly calls: number;
  readonly issues: number;
  readonly distinct: number;
  readonly millisecondsPerCall: number;
}

type Plan = (host: SiteHost, job: Job, take: (issues: readonly RawIssue[]) => void) => Promise<void>;

const AT_ONCE = 5;
const PAGE = 100;

/** Ways to load every issue of a query: ours, and two that people write. */
const PLANS = {
  ours: async (host, { jql, fields }, take) => {
    const { complete, missing } = await load(host, { jql, fields, concurrency: AT_ONCE, onIssues: take });
    if (!complete) throw new Error(missing.join(' '));
  },
  sequential: (host, { jql, fields }, take) => pageThrough(host, { jql, fields, maxResults: PAGE }, take),
  'ids then bulkfetch': async (host, { jql, fields }, take) => {
    const ids: string[] = [];
    const keep = (issues: readonly RawIssue[]) => ids.push(...issues.map(({ id }) => id));
    await pageThrough(host, { jql, fields: ['id'], maxResults: 5_000 }, keep);
    let next = 0;
    const work = async () => {
      for (let from = next; from < ids.length; from = next) {
        next += PAGE;
        const body = { issueIdsOrKeys: ids.slice(from, from + PAGE), fields };
        take((await post(host, '/rest/api/3/issue/bulkfetch', body)).issues);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  },
} satisfies Record<string, Plan>;

export async function run(job: Job): Promise<Outcome> {
  const host = new SiteHost(job.session);
  const ids: string[] = [];
  const began = performance.now();
  await PLANS[job.plan](host, job, (issues) => ids.push(...issues.map(({ id }) => id)));
  return {
    seconds: (performance.now() - began) / 1000,
    calls: host.times.length,
    issues: ids.length,
    distinct: new Set(ids).size,
    millisecondsPerCall: host.times.reduce((sum, time) => sum + time, 0) / host.times.length,
  };
}

interface Answer {
  readonly issues: readonly RawIssue[];
  readonly nextPageToken?: string;
}

async function pageThrough(
  host: SiteHost,
  body: Record<string, unknown>,
  take: (issues: readonly RawIssue[]) => void,
): Promise<void> {
  let nextPageToken: string | undefined;
  do {
    const page = await post(host, '/rest/api/3/search/jql', {
      ...body,
      ...(nextPageToken && { nextPageToken }),
    });
    take(page.issues);
    nextPageToken = page.nextPageToken;
  } while (nextPageToken !== undefined);
}

async function post(host: SiteHost, path: string, body: unknown): Promise<Answer> {
  const { status, body: answer } = await host.request({ method: 'POST', path, body });
  if (status !== 200) throw new Error(`${status}: ${JSON.stringify(answer)}`);
  return answer as Answer;
}
