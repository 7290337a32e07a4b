import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answer, SimulatedJira, type StoredIssue } from '../../tests/simulated-jira';
import { VirtualClock } from '../../tests/virtual-clock';
import type { RawIssue } from '../engine/protocol';
import type { JiraRequest, JiraResponse } from '../host/host';
import { load } from './loader';
import type { LoadRequest } from './loading';

const START = Date.parse('2024-03-20T00:00:00Z');
const EMBEDDED = 20;

interface Worklog {
  readonly id: string;
}

/** Jira whose issues have worklogs, which can change between calls. */
class WorklogJira extends SimulatedJira {
  worklogCalls = 0;
  readonly worklogs: Map<string, Worklog[]>;
  /** Called before each page of worklogs. */
  edit: (call: number, id: string) => JiraResponse | Error | undefined = () => undefined;
  /** The largest page, whatever is asked. */
  most = 5_000;

  constructor(counts: readonly number[], clock: VirtualClock) {
    const stored: StoredIssue[] = counts.map((_, index) => ({
      id: String(index + 1),
      key: `AB-${index + 1}`,
      created: START + index * 3_600_000,
      matches: true,
    }));
    super(stored, clock);
    this.worklogs = new Map(counts.map((count, index) => [String(index + 1), worklogsOf(index + 1, count)]));
  }

  override async request(request: JiraRequest): Promise<JiraResponse> {
    const url = new URL(request.path, 'https://jira.test');
    const id = /issue\/(\d+)\/worklog$/.exec(url.pathname)?.[1];
    return id === undefined ? this.#embed(await super.request(request)) : this.#page(id, url.searchParams);
  }

  #embed(response: JiraResponse): JiraResponse {
    const body = response.body as { issues?: RawIssue[] };
    if (!body.issues) return response;
    const issues = body.issues.map((issue) => {
      const all = this.worklogs.get(issue.id) ?? [];
      const worklog = { total: all.length, worklogs: all.slice(0, EMBEDDED) };
      return { ...issue, fields: { ...issue.fields, worklog } };
    });
    return { ...response, body: { ...body, issues } };
  }

  async #page(id: string, query: URLSearchParams): Promise<JiraResponse> {
    this.worklogCalls++;
    await this.clock.sleep(100);
    const instead = this.edit(this.worklogCalls, id);
    if (instead instanceof Error) throw instead;
    if (instead) return instead;
    const startAt = Number(query.get('startAt'));
    const size = Math.min(this.most, Number(query.get('maxResults')));
    const all = this.worklogs.get(id) ?? [];
    return answer({ startAt, total: all.length, worklogs: all.slice(startAt, startAt + size) });
  }
}

function worklogsOf(issue: number, count: number): Worklog[] {
  return Array.from({ length: count }, (_, index) => ({ id: `${issue}-${index + 1}` }));
}

async function run(jira: WorklogJira, request: Partial<LoadRequest> = {}) {
  const clock = jira.clock as VirtualClock;
  const held = new Map<string, readonly Worklog[]>();
  let deliveries = 0;
  const onIssues = (issues: readonly RawIssue[]) => {
    for (const { id, fields } of issues) {
      deliveries++;
      held.set(id, (fields.worklog as { worklogs: Worklog[] }).worklogs);
    }
  };
  const asked = { jql: 'project = A', fields: [], worklogs: true, onIssues, ...request };
  const result = await clock.run(load(jira, asked, clock));
  return { result, held, deliveries };
}

function idsOf(worklogs: Iterable<readonly Worklog[]>): string[] {
  return [...worklogs].flatMap((one) => one.map(({ id }) => id)).sort();
}

describe('worklogs', () => {
  test('that search embeds cost no further call', async () => {
    const jira = new WorklogJira([0, 1, 20], new VirtualClock(1));
    const { result, held } = await run(jira);
    expect(jira.worklogCalls).toBe(0);
    expect(result).toMatchObject({ complete: true, loaded: 3, calls: 1, points: 4 });
    expect(idsOf(held.values())).toEqual(idsOf(jira.worklogs.values()));
  });

  test('beyond them are read in full, for one call an issue and a point a worklog', async () => {
    const jira = new WorklogJira([21, 3, 200], new VirtualClock(1));
    const { result, held, deliveries } = await run(jira);
    expect(jira.worklogCalls).toBe(2);
    expect(result).toMatchObject({ complete: true, loaded: 3, calls: 3, points: 4 + 2 + 221 });
    expect(idsOf(held.values())).toEqual(idsOf(jira.worklogs.values()));
    expect(deliveries).toBe(3);
  });

  test('come exactly, whatever the size of Jira’s pages', async () => {
    const property = fc.asyncProperty(
      fc.array(fc.nat(90), { minLength: 1, maxLength: 150 }),
      fc.integer({ min: 2, max: 40 }),
      async (counts, most) => {
        const jira = new WorklogJira(counts, new VirtualClock(most));
        jira.most = most;
        const { result, held, deliveries } = await run(jira);
        expect(result).toMatchObject({ complete: true, missing: [], loaded: counts.length });
        expect(deliveries).toBe(counts.length);
        expect(idsOf(held.values())).toEqual(idsOf(jira.worklogs.values()));
      },
    );
    await fc.assert(property, { numRuns: 40 });
  });

  test('that move between pages are begun anew, so that none is skipped', async () => {
    const jira = new WorklogJira([60], new VirtualClock(1));
    jira.most = 25;
    jira.edit = (call, id) => {
      if (call === 2) jira.worklogs.set(id, jira.worklogs.get(id)?.slice(5) ?? []);
      return undefined;
    };
    const { result, held } = await run(jira);
    expect(result.complete).toBe(true);
    expect(idsOf(held.values())).toEqual(idsOf([worklogsOf(1, 60).slice(5)]));
  });

  test('that never stand still are told, and what search embedded is kept', async () => {
    const jira = new WorklogJira([60, 2], new VirtualClock(1));
    jira.most = 25;
    jira.edit = (_, id) => {
      jira.worklogs.get(id)?.unshift({ id: `new ${jira.worklogCalls}` });
      return undefined;
    };
    const { result, held } = await run(jira);
    expect(result.missing).toEqual(['worklogs of AB-1 (they changed again and again while loading)']);
    expect(result).toMatchObject({ complete: false, loaded: 2 });
    expect(held.get('1')).toHaveLength(EMBEDDED);
  });

  test('that Jira refuses are told with their issues', async () => {
    const jira = new WorklogJira([30, 30, 30, 30, 30], new VirtualClock(1));
    jira.edit = () => answer({}, 403);
    const { result } = await run(jira);
    expect(result).toMatchObject({ complete: false, loaded: 5 });
    expect(result.missing).toEqual([
      'worklogs of AB-1, AB-2, AB-3 and 2 more issues (Jira does not allow this (403))',
    ]);
  });

  test('are asked for again after 429, 5xx and broken connections', async () => {
    const jira = new WorklogJira([30, 40], new VirtualClock(1));
    const faults = [answer({}, 429, { 'retry-after': '3' }), answer({}, 500), new Error('broken'), undefined];
    jira.edit = () => faults.shift();
    const { result, held } = await run(jira);
    expect(result.complete).toBe(true);
    expect(idsOf(held.values())).toEqual(idsOf(jira.worklogs.values()));
  });

  test('of an issue that is deleted meanwhile take it along', async () => {
    const jira = new WorklogJira([30, 5], new VirtualClock(1));
    jira.edit = () => answer({}, 404);
    const { result, held } = await run(jira);
    expect(result).toMatchObject({ complete: true, loaded: 1, missing: [] });
    expect([...held.keys()]).toEqual(['2']);
  });

  test('that are still to be read are counted down', async () => {
    const left: (number | undefined)[] = [];
    const jira = new WorklogJira(Array(30).fill(25), new VirtualClock(1));
    await run(jira, { onProgress: ({ worklogsLeft }) => left.push(worklogsLeft) });
    expect(Math.max(...left.map((count) => count ?? 0))).toBe(30);
    expect(left.at(-1)).toBe(0);
  });

  test('run within the same limit of calls at once', async () => {
    const jira = new WorklogJira(Array(100).fill(25), new VirtualClock(1));
    let running = 0;
    let most = 0;
    const ask = jira.request.bind(jira);
    jira.request = async (request) => {
      most = Math.max(most, ++running);
      return ask(request).finally(() => running--);
    };
    const { result } = await run(jira);
    expect(result).toMatchObject({ complete: true, calls: 101 });
    expect(most).toBe(5);
  });

  test('that a stop cuts off leave their issue with what search embedded', async () => {
    const stop = new AbortController();
    const jira = new WorklogJira(Array(60).fill(25), new VirtualClock(1));
    jira.edit = (call) => {
      if (call === 12) stop.abort();
      return undefined;
    };
    const { result, held } = await run(jira, { signal: stop.signal });
    expect(result.missing).toEqual(['the rest, as loading was stopped']);
    expect(result.loaded).toBe(held.size);
    expect(jira.worklogCalls).toBeLessThan(20);
  });
});
