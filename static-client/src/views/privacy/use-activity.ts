import { useCallback, useEffect, useRef, useState } from 'react';
import type { AuditEntry } from '../../server/audit';
import { useApp } from '../shell/app';
import { isAbort } from '../text/explain';

interface Shown {
  readonly items: readonly AuditEntry[];
  /** Where the next page begins; null where there is none, or none yet. */
  readonly next: string | null;
  readonly state: 'loading' | 'ready' | 'failed';
  readonly error?: unknown;
}

export interface Activity extends Shown {
  /** Appends the next page, or asks again for the one that failed. */
  more(): void;
}

/** The audit trail, the newest entry first, a page at a time. */
export function useActivity(): Activity {
  const { server } = useApp();
  const [shown, setShown] = useState<Shown>({ items: [], next: null, state: 'loading' });
  const running = useRef(new AbortController());

  const fetchPage = useCallback(
    (cursor: string | null) => {
      const call = new AbortController();
      running.current = call;
      setShown(({ items, next }) => ({ items, next, state: 'loading' }));
      server.audit(cursor, call.signal).then(
        ({ items, next }) =>
          setShown((before) => ({ items: [...before.items, ...items], next, state: 'ready' })),
        (error: unknown) =>
          !isAbort(error) && setShown(({ items, next }) => ({ items, next, state: 'failed', error })),
      );
    },
    [server],
  );

  useEffect(() => {
    setShown({ items: [], next: null, state: 'loading' });
    fetchPage(null);
    return () => running.current.abort();
  }, [fetchPage]);

  return { ...shown, more: () => shown.state !== 'loading' && fetchPage(shown.next) };
}
