import { useEffect, useState } from 'react';
import type { Gadget } from '../../server/gadgets';
import { useApp } from '../shell/app';

/**
 * Whether to offer another choice. Admins of the site may always choose, which the server has to ask Jira about:
 * that happens beside the report, and without an answer nothing is offered.
 */
export function useMayChoose({ editable }: Pick<Gadget, 'editable'>): boolean {
  const { server } = useApp();
  const [admin, setAdmin] = useState(false);
  useEffect(() => {
    if (editable) {
      return;
    }
    const call = new AbortController();
    server.me(call.signal).then(
      (me) => !call.signal.aborted && setAdmin(me.admin),
      () => undefined,
    );
    return () => call.abort();
  }, [server, editable]);
  return editable || admin;
}
