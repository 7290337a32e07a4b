import { useCallback, useEffect, useRef, useState } from 'react';
import type { ReportQuery, ReportSummary } from '../../server/reports';
import { useApp } from '../shell/app';
import { isAbort } from '../text/explain';

interface ReportsShown {
  readonly items: readonly ReportSummary[];
  /** Absent when there are no more. */
  readonly next: string | null;
  readonly unchecked: boolean;
  readonly state: 'loading' | 'ready' | 'failed';
  readonly error?: unknown;
}

export interface ReportsList extends ReportsShown {
  more(): void;
  reload(): void;
  /** Takes a report out of what is shown, e.g. after its removal. */
  drop(id: string): void;
}

const START: ReportsShown = { items: [], next: null, unchecked: false, state: 'loading' };

/** The reports that match; a new query starts over, `more` appends the next page. */
export function useReports(query: ReportQuery): ReportsList {
  const { server } = useApp();
  const [shown, setShown] = useState(START);
  const [attempt, setAttempt] = useState(0);
  const running = useRef<AbortController | null>(null);
  const { search, sort, owner } = query;

  const fetchPage = useCallback(
    (cursor: string | null) => {
      running.current?.abort();
      const call = new AbortController();
      running.current = call;
      setShown((before) => ({ ...before, state: 'loading' }));
      const page = { ...(search ? { search } : {}), ...(sort ? { sort } : {}), ...(owner ? { owner } : {}) };
      server.reports.list({ ...page, limit: 50, ...(cursor ? { cursor } : {}) }, call.signal).then(
        ({ items, next, unchecked = false }) =>
          setShown((before) => ({
            items: cursor ? [...before.items, ...items] : items,
            next,
            unchecked,
            state: 'ready',
          })),
        (error: unknown) => {
          if (!isAbort(error)) {
            setShown((before) => ({ ...before, state: 'failed', error }));
          }
        },
      );
    },
    [server, search, sort, owner],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed attempt means "once more"
  useEffect(() => {
    fetchPage(null);
    return () => running.current?.abort();
  }, [fetchPage, attempt]);

  return {
    ...shown,
    more: () => shown.next && fetchPage(shown.next),
    reload: () => setAttempt((count) => count + 1),
    drop: (id) =>
      setShown((before) => ({ ...before, items: before.items.filter((report) => report.id !== id) })),
  };
}
