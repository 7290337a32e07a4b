import { useCallback, useEffect, useRef, useState } from 'react';
import { Problem } from '../../server/problem';
import type { Purge } from '../../server/purges';
import { useApp } from '../shell/app';
import { isAbort } from '../text/explain';
import { comingOf, pauseOf } from './purge-stage';
import { confirmFaults } from './purge-text';

export interface PurgesInView {
  /** The first answer is there. */
  readonly isKnown: boolean;
  /** The purge that is to come or under way. */
  readonly coming: Purge | undefined;
  /** The newest of all, if it came to nothing. */
  readonly last: Purge | undefined;
  /** Those of which there is a receipt, the newest first. */
  readonly done: readonly Purge[];
  readonly error: unknown;
  /** What is wrong with the name that should confirm a purge. */
  readonly faults: readonly string[];
  readonly busy: boolean;
  /** This person has just asked for a purge, or stopped one. */
  readonly acted: boolean;
  request(confirm: string): void;
  stop(): void;
  again(): void;
}

/** The site's purges: found when the page opens, followed while one is to come. */
export function usePurges(): PurgesInView {
  const { purges } = useApp().server;
  const [found, setFound] = useState<readonly Purge[]>();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const [acted, setActed] = useState(false);
  const page = useRef(new AbortController());

  const look = useCallback(async () => {
    try {
      setFound(await purges.list(page.current.signal));
      setError(undefined);
    } catch (problem) {
      if (!isAbort(problem)) {
        setError(problem);
      }
    }
  }, [purges]);
  const carryOut = async (work: () => Promise<unknown>) => {
    setBusy(true);
    setActed(false);
    try {
      await work();
      setActed(true);
      await look();
    } catch (problem) {
      await (problem instanceof Problem && problem.status !== 422 ? look() : undefined);
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  useEffect(() => {
    page.current = new AbortController();
    void look();
    return () => page.current.abort();
  }, [look]);

  const coming = found && comingOf(found);
  // Every answer is a new list, so that each is followed by another look.
  useEffect(() => {
    const pause = pauseOf(found && comingOf(found), Date.now());
    if (pause === undefined) {
      return undefined;
    }
    const timer = setTimeout(() => void look(), pause);
    return () => clearTimeout(timer);
  }, [found, look]);

  const faults = confirmFaults(error);
  return {
    isKnown: found !== undefined,
    coming,
    last: found?.[0]?.receipt ? undefined : found?.[0],
    done: found?.filter(({ receipt }) => receipt) ?? [],
    error: faults.length > 0 ? undefined : error,
    faults,
    busy,
    acted,
    request: (confirm) => void carryOut(() => purges.request(confirm)),
    stop: () => coming && void carryOut(() => purges.stop(coming.id)),
    again: () => void look(),
  };
}
