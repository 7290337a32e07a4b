import { useCallback, useState } from 'react';
import { movesOf, type PurgeToCome, purgeOf, type SiteMoved } from '../../server/me';
import { Failure } from '../parts/Failure';
import { Moment } from '../parts/Moment';
import { Notice } from '../parts/Notice';
import { useApp } from '../shell/app';
import { pageAddress } from '../shell/page-address';
import { useFetched } from '../shell/use-fetched';
import { PurgeNotice } from './PurgeNotice';
import { useNotices } from './use-notices';

/** What admins are told on every page; whoever is none is told nothing. `moves`: of the site's address, too. */
export function SiteNotices({ moves }: { readonly moves: boolean }) {
  const [me, again] = useNotices();
  const purge = me && purgeOf(me);
  const moved = me && moves ? movesOf(me)[0] : undefined;
  const stopping = useStopping(purge, again);
  return (
    <>
      <div aria-live="polite">
        {purge && (
          <PurgeNotice
            purge={{
              dueAt: purge.due_at,
              askedAt: purge.at,
              askedBy: purge.requested_by,
              hasBegun: purge.kind === 'purge under way',
            }}
            isStopping={stopping.busy}
            onStop={stopping.stop}
          >
            <PrivacyLink />
          </PurgeNotice>
        )}
        {!purge && stopping.stopped && (
          <Notice tone="success">
            <p>The removal was stopped. Nothing was removed.</p>
          </Notice>
        )}
      </div>
      {stopping.error !== undefined && <Failure error={stopping.error} />}
      {moved && <MovedHint moved={moved} />}
    </>
  );
}

/** Stops the purge, then looks again at what is so. */
function useStopping(purge: PurgeToCome | undefined, again: () => Promise<void>) {
  const { purges } = useApp().server;
  const [busy, setBusy] = useState(false);
  const [stopped, setStopped] = useState(false);
  const [error, setError] = useState<unknown>();
  const carryOut = async (id: string) => {
    setBusy(true);
    setError(undefined);
    try {
      await purges.stop(id);
      setStopped(true);
    } catch (problem) {
      setError(problem);
    }
    await again();
    setBusy(false);
  };
  return { busy, stopped, error, stop: () => purge && void carryOut(purge.id) };
}

function PrivacyLink() {
  const { siteUrl } = useApp().host;
  const [address] = useFetched(useCallback((signal: AbortSignal) => pageAddress(siteUrl, signal), [siteUrl]));
  return address.state === 'ready' ? (
    <a href={address.value.privacy} target="_top" rel="noopener">
      Data &amp; privacy
    </a>
  ) : null;
}

function MovedHint({ moved: { at, to } }: { readonly moved: SiteMoved }) {
  return (
    <Notice tone="warning">
      <p>
        Sightline was connected from another address, {to}, <Moment time={at} />. <PrivacyLink /> tells more.
      </p>
    </Notice>
  );
}
