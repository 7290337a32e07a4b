import { afterEach, expect, test, vi } from 'vitest';
import { createAnswerer } from '../../engine/answer';
import type { Answer, Request } from '../../engine/messages';
import type { JiraHost } from '../../host/host';
import { ReportRun } from './report-run';

/** The real engine, whose answers come when the test lets them, in order. */
class HeldWorker {
  static latest: HeldWorker;
  readonly held: Answer[] = [];
  readonly #answer = createAnswerer();
  #listener: (event: { data: Answer }) => void = () => undefined;
  holding = false;

  constructor() {
    HeldWorker.latest = this;
  }

  addEventListener(kind: string, listener: (event: { data: Answer }) => void): void {
    if (kind === 'message') this.#listener = listener;
  }

  postMessage(request: Request): void {
    this.held.push(this.#answer(request));
    if (!this.holding) this.release();
  }

  release(): void {
    for (const data of this.held.splice(0)) queueMicrotask(() => this.#listener({ data }));
  }

  terminate(): void {}
}

const ANSWERS: Readonly<Record<string, unknown>> = {
  '/rest/api/3/search/jql': { issues: [{ id: '1', key: 'A-1', fields: { summary: 'one' } }], isLast: true },
  '/rest/api/3/configuration': {
    timeTrackingConfiguration: { workingHoursPerDay: 8, workingDaysPerWeek: 5 },
  },
};

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('the page knows the newest revision even when a refresh was under way as the load ended', async () => {
  vi.useFakeTimers();
  vi.stubGlobal('Worker', HeldWorker);
  let finishLoad = () => {};
  const loaded = new Promise<void>((resolve) => {
    finishLoad = resolve;
  });
  const host = {
    user: async () => ({ accountId: 'a', timeZone: 'UTC', locale: 'en-GB' }),
    request: async ({ path }: { path: string }) => {
      const [name = ''] = path.split('?');
      if (name.endsWith('/search/jql')) await loaded;
      return { status: 200, headers: {}, body: ANSWERS[name] ?? [] };
    },
  } as unknown as JiraHost;
  const run = new ReportRun(host, { jql: 'project = A', columns: [{ of: { field: 'summary' } }] }, undefined);
  await vi.waitFor(() => expect(run.snapshot().phase).toBe('loading'));
  HeldWorker.latest.holding = true;
  await vi.advanceTimersByTimeAsync(600);
  finishLoad();
  await vi.waitFor(() => expect(HeldWorker.latest.held.length).toBeGreaterThan(1));
  HeldWorker.latest.holding = false;
  HeldWorker.latest.release();
  await vi.waitFor(() => expect(run.snapshot().phase).toBe('ended'));
  await vi.advanceTimersByTimeAsync(60_000);

  const { revision } = await run.engine.rows(0, 1);

  expect(run.snapshot().view?.revision).toBe(revision);
  run.close();
});
