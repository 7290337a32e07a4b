import { useCallback, useEffect, useRef, useState } from 'react';
import type { HostHistory } from '../../host/host';
import { formatRoute, parseRoute, type Route } from './route';

export interface Navigation {
  readonly route: Route;
  go(route: Route): void;
  /** Changes the address of the present view, without an entry to go back to. */
  rename(route: Route): void;
  /**
   * While set, leaving the view asks first: the function calls `leave` once the person agrees.
   * Browser buttons included: their step is taken back until then.
   */
  readonly guard: { current: ((leave: () => void) => void) | null };
}

/** The route that the host's history names, and ways to change it. */
export function useRoute(history: HostHistory): Navigation {
  const [state, setState] = useState(() => history.current());
  const shown = useRef(state);
  const guard = useRef<((leave: () => void) => void) | null>(null);

  const show = useCallback((next: string) => {
    guard.current = null;
    shown.current = next;
    setState(next);
  }, []);

  useEffect(
    () =>
      history.onChange((next) => {
        if (!guard.current) {
          show(next);
          return;
        }
        history.push(shown.current);
        guard.current(() => {
          history.push(next);
          show(next);
        });
      }),
    [history, show],
  );

  const go = useCallback(
    (route: Route) => {
      const leave = () => {
        history.push(formatRoute(route));
        show(formatRoute(route));
      };
      guard.current ? guard.current(leave) : leave();
    },
    [history, show],
  );

  const rename = useCallback(
    (route: Route) => {
      history.replace(formatRoute(route));
      show(formatRoute(route));
    },
    [history, show],
  );

  return { route: parseRoute(state), go, rename, guard };
}
