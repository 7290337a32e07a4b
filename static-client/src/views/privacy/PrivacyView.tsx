import '../styles/privacy.css';
import { useCallback } from 'react';
import { movesOf } from '../../server/me';
import { Failure } from '../parts/Failure';
import { Loading } from '../parts/Loading';
import { Notice } from '../parts/Notice';
import { useApp } from '../shell/app';
import { useFetched } from '../shell/use-fetched';
import { ActivityPanel } from './ActivityPanel';
import { ContactPanel } from './ContactPanel';
import { ExportPanel } from './ExportPanel';
import { MovedNotices } from './MovedNotices';
import { StoredPanel } from './StoredPanel';

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
    return (
      <>
        <StoredPanel />
        <ExportPanel />
        <ContactPanel />
        <ActivityPanel />
      </>
    );
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
