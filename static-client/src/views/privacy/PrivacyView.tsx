import '../styles/privacy.css';
import { Fragment, useCallback } from 'react';
import { movesOf } from '../../server/me';
import type { Purge } from '../../server/purges';
import { Failure } from '../parts/Failure';
import { Loading } from '../parts/Loading';
import { Notice } from '../parts/Notice';
import { useApp } from '../shell/app';
import { useFetched } from '../shell/use-fetched';
import { ActivityPanel } from './ActivityPanel';
import { ContactPanel } from './ContactPanel';
import { ExportPanel } from './ExportPanel';
import { ImportPanel } from './ImportPanel';
import { MovedNotices } from './MovedNotices';
import { type ComingPurge, PurgeNotice } from './PurgeNotice';
import { PurgePanel } from './PurgePanel';
import { StoredPanel } from './StoredPanel';
import { usePurges } from './use-purge';

/** What Sightline keeps about the site, and what its admins can do with it. */
export function PrivacyView() {
  const { server, host } = useApp();
  const fetch = useCallback((signal: AbortSignal) => server.me(signal), [server]);
  const [me, again] = useFetched(fetch);
  return (
    <main className="page privacy-view">
      <h1>Data &amp; privacy</h1>
      <p className="privacy-lead">
        What Sightline keeps about {new URL(host.siteUrl).host}, and what you can do with it
      </p>
      {me.state === 'loading' && <Loading label="Loading…" />}
      {me.state === 'failed' && <Failure error={me.error} onAgain={again} />}
      {me.state === 'ready' && (
        <>
          <MovedNotices notices={movesOf(me.value)} />
          <Rights admin={me.value.admin} unchecked={me.value.unchecked ?? false} again={again} />
        </>
      )}
    </main>
  );
}

interface RightsProps {
  readonly admin: boolean;
  readonly unchecked: boolean;
  readonly again: () => void;
}

function Rights({ admin, unchecked, again }: RightsProps) {
  if (admin) {
    return <AdminPanels />;
  }
  if (unchecked) {
    return (
      <Notice tone="warning" title="Your rights could not be checked">
        <p>Jira did not answer the question whether you are a site admin.</p>
        <button type="button" className="link-button" onClick={again}>
          Try again
        </button>
      </Notice>
    );
  }
  return (
    <>
      <Notice tone="information" title="Only Jira admins can see and export this">
        <p>Ask a Jira admin of this site. What Sightline stores, and what it never does, is listed below.</p>
      </Notice>
      <StoredPanel />
    </>
  );
}

function AdminPanels() {
  const purges = usePurges();
  const { coming, done } = purges;
  return (
    <>
      <div aria-live="polite">
        {coming && <PurgeNotice purge={comingPurge(coming)} isStopping={purges.busy} onStop={purges.stop} />}
      </div>
      <StoredPanel />
      {/* After a purge all of this is another: what was shown is gone. */}
      <Fragment key={done[0]?.id ?? 'never purged'}>
        <ExportPanel />
        <ImportPanel />
        <ContactPanel />
        <ActivityPanel />
      </Fragment>
      <PurgePanel purges={purges} />
    </>
  );
}

function comingPurge(purge: Purge): ComingPurge {
  return {
    dueAt: purge.due_at,
    askedAt: purge.created_at,
    askedBy: purge.created_by,
    hasBegun: purge.state === 'running',
  };
}
