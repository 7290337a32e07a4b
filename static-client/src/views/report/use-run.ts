import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { ExpansionDepth } from '../../engine/protocol';
import type { Report } from '../../server/reports';
import { useApp } from '../shell/app';
import { ReportRun, type RunState } from './report-run';

const PREPARING: RunState = { phase: 'preparing' };
const NEVER = () => () => undefined;
const nothing = () => PREPARING;

export interface RunInView {
  readonly run: ReportRun | undefined;
  readonly state: RunState;
  /** Drops what is held and loads anew. */
  restart(): void;
}

/** Runs the report while its view is there; leaving the view drops the issues. */
export function useRun(report: Report, depth: ExpansionDepth | undefined): RunInView {
  const { host } = useApp();
  const [run, setRun] = useState<ReportRun>();
  const [attempt, setAttempt] = useState(0);
  const { definition } = report;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a later depth is a command to the run, not another run
  useEffect(() => {
    const started = new ReportRun(host, definition, depth);
    setRun(started);
    return () => started.close();
  }, [host, definition, attempt]);
  const state = useSyncExternalStore(run?.subscribe ?? NEVER, run?.snapshot ?? nothing);
  const restart = useCallback(() => setAttempt((count) => count + 1), []);
  return { run, state, restart };
}
