import { useEffect, useState } from 'react';
import { useApp } from '../shell/app';
import { isAbort } from '../text/explain';
import { checkQuery, type QueryCheck } from './check-query';

const REST_MILLISECONDS = 500;

/** Jira's view of the query, once typing has rested; `checking` until then. */
export function useQueryCheck(jql: string): QueryCheck | { readonly state: 'checking' } {
  const { host } = useApp();
  const [checked, setChecked] = useState<{ readonly jql: string; readonly check: QueryCheck }>();
  useEffect(() => {
    const call = new AbortController();
    const timer = setTimeout(() => {
      checkQuery(host, jql, call.signal).then(
        (check) => setChecked({ jql, check }),
        (error: unknown) => {
          if (!isAbort(error)) {
            const reason = error instanceof Error ? error.message : String(error);
            setChecked({ jql, check: { state: 'unknown', reason } });
          }
        },
      );
    }, REST_MILLISECONDS);
    return () => {
      clearTimeout(timer);
      call.abort();
    };
  }, [host, jql]);
  return checked?.jql === jql ? checked.check : { state: 'checking' };
}
