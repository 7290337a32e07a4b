import { describe, expect, test } from 'vitest';
import { answer, SimulatedJira } from '../../tests/simulated-jira';
import { VirtualClock } from '../../tests/virtual-clock';
import type { JiraResponse } from '../host/host';
import { Caller, type Wait } from './caller';
import { Throttle } from './throttle';

class Scripted extends SimulatedJira {
  constructor(
    readonly script: (JiraResponse | Error)[],
    clock: VirtualClock,
  ) {
    super([], clock);
  }

  override async request(): Promise<JiraResponse> {
    this.calls++;
    const next = this.script.shift() ?? answer({ ok: true });
    if (next instanceof Error) throw next;
    return next;
  }
}

async function call(script: (JiraResponse | Error)[], seed = 1) {
  const clock = new VirtualClock(seed);
  const jira = new Scripted(script, clock);
  const throttle = new Throttle(5, clock);
  const waits: (Wait | undefined)[] = [];
  const counted = { calls: 0 };
  const events = { onCall: () => counted.calls++, onWait: (wait: Wait | undefined) => waits.push(wait) };
  const outcome = await clock
    .run(new Caller(jira, throttle, clock, events).call({ path: '/x' }))
    .then((response) => response.status, String);
  return {
    outcome,
    calls: jira.calls,
    counted: counted.calls,
    seconds: clock.now() / 1000,
    waits,
    limit: throttle.limit,
  };
}

const fail = (status: number, headers = {}) => answer({}, status, headers);

describe('a call', () => {
  test('that is answered is not repeated', async () => {
    for (const status of [200, 400, 401, 403, 404, 410]) {
      expect(await call([fail(status)])).toMatchObject({ outcome: status, calls: 1, counted: 1, seconds: 0 });
    }
  });

  test.each([[fail(429)], [fail(500)], [fail(503)], [new Error('network')], [answer('<html>')]])(
    'is repeated after %o',
    async (failure) => {
      const { outcome, calls, seconds } = await call([failure, failure]);
      expect(outcome).toBe(200);
      expect(calls).toBe(3);
      expect(seconds).toBeGreaterThanOrEqual(0.7 * 6);
      expect(seconds).toBeLessThanOrEqual(1.3 * 6);
    },
  );

  test('is given up after four more tries, waiting longer each time', async () => {
    const { outcome, calls, waits } = await call(Array(9).fill(fail(502)));
    expect([outcome, calls]).toEqual([502, 5]);
    const seconds = waits.flatMap((wait) => wait?.seconds ?? []);
    expect(seconds).toHaveLength(4);
    expect(seconds).toEqual([...seconds].sort((left, right) => left - right));
    expect(await call(Array(9).fill(new Error('gone')))).toMatchObject({ outcome: 'Error: gone', calls: 5 });
  });

  test('waits as long as Jira asks, and tells', async () => {
    const { seconds, waits, limit } = await call([fail(429, { 'retry-after': '12' })]);
    expect(seconds).toBe(12);
    expect(waits).toEqual([{ seconds: 12, reason: 'Jira asks for slower calls.' }, undefined]);
    expect(limit).toBe(2);
  });

  test('tells of a quota whose end is near, and waits for it', async () => {
    const headers = { 'retry-after': '60', 'ratelimit-reason': 'jira-quota-tenant-based' };
    const { outcome, seconds, waits } = await call([fail(429, headers)]);
    expect([outcome, seconds]).toEqual([200, 60]);
    expect(waits[0]?.reason).toMatch(/^Jira’s hourly quota is used up until \d\d:\d\d\.$/);
  });

  test('does not wait for an hourly quota', async () => {
    expect(await call([fail(429, { 'retry-after': '1800' })])).toMatchObject({ outcome: 429, calls: 1 });
  });

  test('after an hourly quota is used up is not made at all', async () => {
    const clock = new VirtualClock(1);
    const jira = new Scripted([fail(429, { 'retry-after': '1800' })], clock);
    const events = { onCall() {}, onWait() {} };
    const caller = new Caller(jira, new Throttle(5, clock), clock, events);
    const outcomes = [await caller.call({ path: '/x' }), await caller.call({ path: '/y' })];
    expect(outcomes.map(({ status }) => status)).toEqual([429, 429]);
    expect(jira.calls).toBe(1);
    expect(clock.now()).toBe(0);
  });

  test('makes for fewer at once when Jira’s limit is near', async () => {
    expect(await call([answer({}, 200, { 'x-ratelimit-nearlimit': 'true' })])).toMatchObject({
      outcome: 200,
      limit: 4,
    });
  });
});
