/**
 * One run of a report. The engine holds the issues; this holds what the page shows of the run.
 *
 * 1. Ask Jira what the numbers depend on (zone, hours a day, fields), open the engine.
 * 2. Load; each page of issues goes straight to the engine.
 * 3. While pages come, recompute every half second, or less often when that takes long.
 * 4. When the load has ended, whole or not, recompute once more and say what is held.
 */
import type { Definition } from '../../definition';
import { createEngine } from '../../engine/client';
import { fieldsNeeded } from '../../engine/needed';
import type { Engine, EngineContext, ExpansionDepth, RawIssue, View } from '../../engine/protocol';
import type { JiraHost } from '../../host/host';
import { engineContext } from '../../jira/context';
import { load } from '../../jira/loader';
import type { LoadProgress, LoadResult } from '../../jira/loading';
import { isAbort } from '../text/explain';

export interface RunState {
  readonly phase: 'preparing' | 'loading' | 'ended' | 'failed';
  readonly view?: View;
  readonly context?: EngineContext;
  readonly progress?: LoadProgress;
  readonly result?: LoadResult;
  /** When the load ended, in milliseconds since 1970. */
  readonly endedAt?: number;
  readonly error?: unknown;
}

const REFRESH_MILLISECONDS = 500;

export class ReportRun {
  readonly engine: Engine = createEngine();
  private state: RunState = { phase: 'preparing' };
  private readonly listeners = new Set<() => void>();
  private readonly stopping = new AbortController();
  private refreshing: ReturnType<typeof setTimeout> | undefined;
  private closed = false;
  private added: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly host: JiraHost,
    private readonly definition: Definition,
    private readonly depth: ExpansionDepth | undefined,
  ) {
    void this.run();
  }

  readonly snapshot = (): RunState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Ends the load; what is held stays and is shown as incomplete. */
  stop(): void {
    this.stopping.abort();
  }

  /** Drops everything held. */
  close(): void {
    this.closed = true;
    this.stopping.abort();
    clearTimeout(this.refreshing);
    this.engine.close();
  }

  async toggle(path: string): Promise<void> {
    this.show(await this.engine.toggle(path));
  }

  async expand(depth: ExpansionDepth): Promise<void> {
    this.show(await this.engine.expand(depth));
  }

  /** Shows a group's projects each on its own, or as one group again; `path` is that of the whole group. */
  async tellApart(path: string): Promise<void> {
    this.show(await this.engine.tellApart(path));
  }

  private async run(): Promise<void> {
    try {
      const context = await engineContext(this.host, this.definition);
      this.update({ context, phase: 'loading', view: await this.engine.open(this.definition, context) });
      if (this.depth !== undefined) {
        await this.expand(this.depth);
      }
      this.refreshSoon(REFRESH_MILLISECONDS);
      const result = await this.load();
      clearTimeout(this.refreshing);
      await this.added;
      this.update({ result, phase: 'ended', endedAt: Date.now(), view: await this.engine.refresh() });
    } catch (error) {
      clearTimeout(this.refreshing);
      this.update({ phase: 'failed', error });
    }
  }

  private async load(): Promise<LoadResult> {
    try {
      return await load(this.host, {
        jql: this.definition.jql,
        fields: fieldsNeeded(this.definition),
        worklogs: this.definition.rows === 'worklog',
        signal: this.stopping.signal,
        onIssues: (issues) => this.add(issues),
        onProgress: (progress) => this.update({ progress }),
      });
    } catch (error) {
      if (isAbort(error)) {
        return stoppedResult(this.state.progress);
      }
      throw error;
    }
  }

  private add(issues: readonly RawIssue[]): void {
    const done = this.engine.add(issues);
    this.added = Promise.all([this.added, done]);
    this.added.catch(() => undefined);
  }

  private refreshSoon(pause: number): void {
    this.refreshing = setTimeout(() => void this.refresh(), pause);
  }

  private async refresh(): Promise<void> {
    const started = performance.now();
    const view = await this.engine.refresh().catch(() => undefined);
    if (!view) {
      return;
    }
    // Also after the end: the engine answers for its newest revision only, so the page must know of each.
    this.show(view);
    if (this.state.phase === 'loading') {
      this.refreshSoon(Math.max(REFRESH_MILLISECONDS, 3 * (performance.now() - started)));
    }
  }

  /** Answers of the worker may cross; the newest revision wins. */
  private show(view: View): void {
    if (view.revision >= (this.state.view?.revision ?? 0)) {
      this.update({ view });
    }
  }

  private update(change: Partial<RunState>): void {
    if (this.closed) {
      return;
    }
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) {
      listener();
    }
  }
}

function stoppedResult(progress: LoadProgress | undefined): LoadResult {
  return {
    complete: false,
    loaded: progress?.loaded ?? 0,
    ...(progress?.estimate === undefined ? {} : { estimate: progress.estimate }),
    calls: progress?.calls ?? 0,
    points: progress?.points ?? 0,
    seconds: 0,
    missing: ['the rest, as loading was cancelled'],
  };
}
