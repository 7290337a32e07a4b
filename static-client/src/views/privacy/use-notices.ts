import { useCallback, useEffect, useRef, useState } from 'react';
import type { Me } from '../../server/me';
import { useApp } from '../shell/app';
import { isAbort } from '../text/explain';

/** A page that was out of sight for so long asks anew when it is looked at again. */
const STALE_MILLISECONDS = 60_000;

/**
 * The person with their notices, asked for when the page opens and when it is looked at again later. Undefined
 * while nobody knows: notices come beside a page that works without them.
 */
export function useNotices(): readonly [Me | undefined, () => Promise<void>] {
  const { server } = useApp();
  const [me, setMe] = useState<Me>();
  const page = useRef(new AbortController());
  const askedAt = useRef(0);
  const look = useCallback(async () => {
    askedAt.current = Date.now();
    try {
      setMe(await server.me(page.current.signal));
    } catch (error) {
      if (!isAbort(error)) {
        setMe(undefined);
      }
    }
  }, [server]);
  useEffect(() => {
    page.current = new AbortController();
    const seen = () => {
      if (document.visibilityState === 'visible' && Date.now() - askedAt.current > STALE_MILLISECONDS) {
        void look();
      }
    };
    void look();
    document.addEventListener('visibilitychange', seen);
    return () => {
      document.removeEventListener('visibilitychange', seen);
      page.current.abort();
    };
  }, [look]);
  return [me, look];
}
