import { useCallback, useEffect, useState } from 'react';
import { isAbort } from '../text/explain';

export type Fetched<Value> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: Value }
  | { readonly state: 'failed'; readonly error: unknown };

/**
 * Fetches when the view appears and whenever `fetch` changes, so callers pass a memoised function.
 * An answer that comes after the view has gone is dropped.
 */
export function useFetched<Value>(
  fetch: (signal: AbortSignal) => Promise<Value>,
): readonly [Fetched<Value>, () => void] {
  const [fetched, setFetched] = useState<Fetched<Value>>({ state: 'loading' });
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed attempt means "once more"
  useEffect(() => {
    const call = new AbortController();
    setFetched({ state: 'loading' });
    fetch(call.signal).then(
      (value) => !call.signal.aborted && setFetched({ state: 'ready', value }),
      (error: unknown) => !call.signal.aborted && !isAbort(error) && setFetched({ state: 'failed', error }),
    );
    return () => call.abort();
  }, [fetch, attempt]);
  const again = useCallback(() => setAttempt((count) => count + 1), []);
  return [fetched, again];
}
