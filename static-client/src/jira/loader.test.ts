import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answer, type JiraBehaviour, SimulatedJira, type StoredIssue } from '../../tests/simulated-jira';
import { VirtualClock } from '../../tests/virtual-clock';
import type { RawIssue } from '../engine/protocol';
import { load } from './loader';
import { type LoadProgress, type LoadRequest, QueryRefused } from './loading';

const START = Date.parse('2024-03-20T00:00:00Z');
const DAY = 86_400_000;
const JQL = 'project = "A (B" ORDER BY rank';

function issuesAt(moments: readonly number[]): StoredIssue[] {
  return moments.map((created, index) => ({
    id: String(1000 + index),
    key: `AB-${index + 1}`,
    created,
    matches: true,
    fields: { summary: `Issue ${index}` },
  }));
}

function evenly(count: number, span = 300 * DAY): StoredIssue[] {
  return issuesAt(Array.from({ length: count }, (_, index) => START + Math.floor((span * index) / count)));
}

async function run(
  issues: StoredIssue[],
  behaviour: Partial<JiraBehaviour> = {},
  request: Partial<LoadRequest> = {},
) {
  const clock = new VirtualClock(7);
  const jira = new SimulatedJira(issues, clock, behaviour);
  const delivered: RawIssue[] = [];
  const progress: LoadProgress[] = [];
  const asked: LoadRequest = {
    jql: JQL,
    fields: ['summary'],
    onIssues: (page) => delivered.push(...page),
    onProgress: (state) => progress.push(state),
    ...request,
  };
  const result = await clock.run(load(jira, asked, clock));
  return { jira, result, delivered, progress, ids: delivered.map(({ id }) => id).sort() };
}

function idsOf(issues: readonly StoredIssue[]): string[] {
  return issues.map(({ id }) => id).sort();
}

describe('a small report', () => {
  test('of one page costs one call, with the query as written', async () => {
    const issues = evenly(100);
    const { jira, result, ids } = await run(issues);
    expect(ids).toEqual(idsOf(issues));
    expect(jira.queries).toHaveLength(1);
    expect(jira.queries[0]?.jql).toBe(JQL);
    expect(result).toMatchObject({ complete: true, loaded: 100, calls: 1, points: 101, missing: [] });
  });

  test('of nothing is complete', async () => {
    const { result } = await run([]);
    expect(result).toMatchObject({ complete: true, loaded: 0, calls: 1, points: 1 });
  });

  test('of keys alone is paged by thousands', async () => {
    const issues = evenly(12_000);
    const { jira, result, ids } = await run(issues, {}, { fields: [] });
    expect(ids).toEqual(idsOf(issues));
    expect(jira.queries.map(({ maxResults }) => maxResults)).toEqual([5000, 5000, 5000]);
    expect(result.complete).toBe(true);
  });
});

describe('a large report', () => {
  const issues = evenly(2_500);

  test('is loaded by ranges that narrow the query in parentheses', async () => {
    const { jira, ids, result } = await run(issues);
    expect(ids).toEqual(idsOf(issues));
    expect(result).toMatchObject({ complete: true, missing: [] });
    const ranges = jira.queries.slice(1).map(({ jql }) => jql);
    expect(ranges.every((jql) => jql.startsWith('(project = "A (B")'))).toBe(true);
    expect(jira.mostAtOnce).toBe(5);
  });

  test('asks for the time of creation besides the fields wanted', async () => {
    const { delivered } = await run(issues);
    expect(Object.keys(delivered[0]?.fields ?? {})).toEqual(['summary', 'created']);
  });

  test('tells its progress against the estimate', async () => {
    const { progress, result } = await run(issues);
    const estimate = result.estimate ?? 0;
    expect(Math.abs(estimate - 2_500)).toBeLessThanOrEqual(75);
    expect(progress.at(-1)).toMatchObject({ loaded: 2_500, estimate });
    const loaded = progress.map((state) => state.loaded);
    expect(loaded).toEqual([...loaded].sort((left, right) => left - right));
    expect(progress.some(({ rate, remainingSeconds }) => rate > 0 && (remainingSeconds ?? 0) > 0)).toBe(true);
  });

  test('whose query cannot be taken apart is paged as it stands', async () => {
    const jql = 'project = A /* ( */ ORDER BY created ASC';
    const { jira, ids, result } = await run(issues, {}, { jql });
    expect(ids).toEqual(idsOf(issues));
    expect(result.complete).toBe(true);
    expect(new Set(jira.queries.map((query) => query.jql))).toEqual(new Set([jql]));
  });

  test('is loaded however its moments of creation cluster', async () => {
    const bulk = issuesAt([
      ...Array(900).fill(START),
      ...Array(900).fill(START + 90 * DAY),
      START + 91 * DAY,
    ]);
    const { ids, result } = await run(bulk);
    expect(ids).toEqual(idsOf(bulk));
    expect(result.complete).toBe(true);
  });
});

describe('whatever happens on the way', () => {
  const zones = fc.constantFrom('Europe/Berlin', 'America/St_Johns', 'Asia/Kolkata', 'Australia/Lord_Howe');
  const moments = fc.array(
    fc.record({ day: fc.nat(20), minute: fc.nat(1439), copies: fc.integer({ min: 1, max: 60 }) }),
    { maxLength: 60 },
  );
  const stored = moments.map((clusters) =>
    issuesAt(
      clusters.flatMap(({ day, minute, copies }) => Array(copies).fill(START + day * DAY + minute * 60_000)),
    ),
  );

  test('every issue comes exactly once', async () => {
    const property = fc.asyncProperty(
      stored,
      zones,
      fc.integer(),
      fc.integer({ min: 1, max: 7 }),
      async (issues, timeZone, seed, concurrency) => {
        const clock = new VirtualClock(seed);
        const behaviour: Partial<JiraBehaviour> = {
          timeZone,
          latency: () => 50 + clock.random() * 500,
          pageLimit: (_, asked) => Math.ceil(asked * clock.random()),
          fault: () => randomFault(clock),
        };
        const jira = new SimulatedJira(issues, clock, behaviour);
        const ids: string[] = [];
        const request: LoadRequest = {
          jql: JQL,
          fields: ['summary'],
          concurrency,
          onIssues: (page) => ids.push(...page.map(({ id }) => id)),
        };
        const result = await clock.run(load(jira, request, clock));
        expect(result).toMatchObject({ complete: true, missing: [], loaded: issues.length });
        expect(ids.sort()).toEqual(idsOf(issues));
        expect(jira.mostAtOnce).toBeLessThanOrEqual(Math.max(1, concurrency));
      },
    );
    await fc.assert(property, { numRuns: 60 });
  });

  test('an issue that matches throughout comes exactly once while others come and go', async () => {
    const property = fc.asyncProperty(stored, fc.integer(), async (issues, seed) => {
      const clock = new VirtualClock(seed);
      const steady = new Set(idsOf(issues.filter((_, index) => index % 3 !== 0)));
      const edit = (_: number, all: StoredIssue[]) => {
        const other = all[Math.floor(clock.random() * all.length)];
        if (other && !steady.has(other.id)) other.matches = !other.matches;
        const id = String(100_000 + all.length);
        all.push({ id, key: `NEW-${id}`, created: START + clock.random() * 25 * DAY, matches: true });
      };
      const jira = new SimulatedJira([...issues], clock, { latency: () => 50 + clock.random() * 300, edit });
      const ids: string[] = [];
      const request: LoadRequest = {
        jql: JQL,
        fields: ['summary'],
        onIssues: (page) => ids.push(...page.map(({ id }) => id)),
      };
      const result = await clock.run(load(jira, request, clock));
      expect(result.complete).toBe(true);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.filter((id) => steady.has(id)).sort()).toEqual([...steady].sort());
    });
    await fc.assert(property, { numRuns: 60 });
  });
});

function randomFault(clock: VirtualClock) {
  const chance = clock.random();
  if (chance < 0.04) return answer({}, 429, { 'retry-after': '1' });
  if (chance < 0.06) return answer('Bad gateway', 502);
  if (chance < 0.08) return new Error('The connection broke.');
  return chance < 0.1 ? answer('<html>') : undefined;
}

describe('what Jira refuses', () => {
  test('in the query is told in its words', async () => {
    const body = { errorMessages: ['The value "X" does not exist for the field "project".'], errors: {} };
    const refused = run(evenly(1), { fault: () => answer(body, 400) });
    await expect(refused).rejects.toThrow(QueryRefused);
    await expect(refused).rejects.toMatchObject({ status: 400, messages: body.errorMessages });
  });

  test('from the first page on fails the load', async () => {
    await expect(run(evenly(1), { fault: () => answer({}, 403) })).rejects.toThrow('does not allow');
  });

  test('in the middle is told as missing, and the rest is kept', async () => {
    const fault: JiraBehaviour['fault'] = (_, call, body) =>
      call > 4 && /created >= "2024-1/.test(body.jql)
        ? answer({ errorMessages: ['Broken.'] }, 500)
        : undefined;
    const { result, ids } = await run(evenly(2_500), { fault });
    expect(result.complete).toBe(false);
    expect(result.loaded).toBe(ids.length);
    expect(result.loaded).toBeGreaterThan(1_000);
    expect(result.missing).toHaveLength(1);
    expect(result.missing[0]).toMatch(
      /^issues created from 2024-\d\d-\d\d \d\d:\d\d to 2025-01-13 \d\d:\d\d \(Jira answered 500: Broken\)$/,
    );
  });
});

describe('a cursor that Jira loses', () => {
  test('by repeating its token is begun anew, and nothing is missing', async () => {
    let loops = 0;
    const fault: JiraBehaviour['fault'] = (_, call, body) => {
      if (body.nextPageToken === undefined || call < 12 || loops > 3) return undefined;
      loops++;
      return answer({ issues: [], isLast: false, nextPageToken: body.nextPageToken });
    };
    const issues = evenly(2_500);
    const { result, ids } = await run(issues, { fault });
    expect(loops).toBe(4);
    expect(ids).toEqual(idsOf(issues));
    expect(result.complete).toBe(true);
  });

  test('by going round in a circle is begun anew', async () => {
    const tokens = new Map<string, string[]>();
    const fault: JiraBehaviour['fault'] = (_, __, { jql, nextPageToken }) => {
      if (nextPageToken === undefined || (tokens.size === 3 && !tokens.has(jql))) return undefined;
      const known = tokens.get(jql) ?? [];
      tokens.set(jql, [...known, nextPageToken]);
      const [first] = known;
      return first === undefined ? undefined : answer({ issues: [], isLast: false, nextPageToken: first });
    };
    const issues = evenly(2_500);
    const { result, ids } = await run(issues, { fault });
    expect(tokens.size).toBe(3);
    expect(ids).toEqual(idsOf(issues));
    expect(result.complete).toBe(true);
  });

  test.each([JQL, 'project = A /* unclear */'])(
    'by endless empty pages with new tokens is given up, and told (%s)',
    async (jql) => {
      const fault: JiraBehaviour['fault'] = (_, call) =>
        call > 6 ? answer({ issues: [], isLast: false, nextPageToken: `token ${call}` }) : undefined;
      const { jira, result } = await run(evenly(2_500), { fault }, { jql });
      expect(result.complete).toBe(false);
      expect(result.missing.join()).toContain('Jira lost its place');
      expect(jira.calls).toBeLessThan(400);
    },
  );

  test('by a few empty pages on the way is found again', async () => {
    const fault: JiraBehaviour['fault'] = (_, call, { nextPageToken }) =>
      nextPageToken !== undefined && call % 3 === 0
        ? answer({ issues: [], isLast: false, nextPageToken: `${nextPageToken} ` })
        : undefined;
    const issues = evenly(2_500);
    const { result, ids } = await run(issues, { fault });
    expect(ids).toEqual(idsOf(issues));
    expect(result.complete).toBe(true);
  });

  test('by leaving out the token is begun anew', async () => {
    let lost = 0;
    const fault: JiraBehaviour['fault'] = (_, call) =>
      call > 8 && lost++ < 2 ? answer({ issues: [], isLast: false }) : undefined;
    const issues = evenly(2_500);
    const { result, ids } = await run(issues, { fault });
    expect(ids).toEqual(idsOf(issues));
    expect(result.complete).toBe(true);
  });

  test('for good is told as missing', async () => {
    const fault: JiraBehaviour['fault'] = (_, call) =>
      call > 4 ? answer({ issues: [], isLast: false }) : undefined;
    const { result } = await run(evenly(2_500), { fault });
    expect(result).toMatchObject({ complete: false, loaded: 100 });
    expect(result.missing).toHaveLength(1);
    expect(result.missing[0]).toContain('Jira lost its place');
  });
});

describe('a stopped load', () => {
  test('keeps what came, says so, and calls Jira no more', async () => {
    const stop = new AbortController();
    const { jira, result } = await run(
      evenly(2_500),
      {},
      {
        signal: stop.signal,
        onProgress: ({ loaded }) => loaded > 1_000 && stop.abort(),
      },
    );
    expect(result.complete).toBe(false);
    expect(result.missing).toEqual(['the rest, as loading was stopped']);
    expect(result.loaded).toBeGreaterThan(1_000);
    expect(jira.calls).toBeLessThan(25);
  });
});

describe('a busy Jira', () => {
  test('is waited for, and the wait is told', async () => {
    const fault: JiraBehaviour['fault'] = (_, call) =>
      call === 6 ? answer({}, 429, { 'retry-after': '17' }) : undefined;
    const issues = evenly(1_000);
    const { result, progress, ids } = await run(issues, { fault });
    expect(ids).toEqual(idsOf(issues));
    expect(result.seconds).toBeGreaterThan(17);
    expect(progress.find(({ waiting }) => waiting)?.waiting).toEqual({
      seconds: 17,
      reason: 'Jira asks for slower calls.',
    });
    expect(progress.at(-1)?.waiting).toBeUndefined();
  });

  test('whose hourly quota is used up is not waited for', async () => {
    const fault: JiraBehaviour['fault'] = (_, call) =>
      call > 4 ? answer({}, 429, { 'retry-after': '2400' }) : undefined;
    const { result } = await run(evenly(1_000), { fault });
    expect(result.complete).toBe(false);
    expect(result.seconds).toBeLessThan(2_000);
    expect(result.missing.join()).toMatch(/\(Jira’s hourly quota is used up until \d\d:\d\d\)/);
  });
});
