import { useCallback } from 'react';
import { movesOf } from '../../server/me';
import { Moment } from '../parts/Moment';
import { Notice } from '../parts/Notice';
import { useApp } from '../shell/app';
import { useFetched } from '../shell/use-fetched';

/** Tells admins in one line that the site's address changed; whoever is none gets no such notice. */
export function MovedHint() {
  const { server } = useApp();
  const fetch = useCallback((signal: AbortSignal) => server.me(signal), [server]);
  const [me] = useFetched(fetch);
  const last = me.state === 'ready' ? movesOf(me.value)[0] : undefined;
  return last ? (
    <Notice tone="warning">
      <p>
        Sightline was connected from another address, {last.to}, <Moment time={last.at} />. Data &amp; privacy
        in the app’s settings tells more.
      </p>
    </Notice>
  ) : null;
}
