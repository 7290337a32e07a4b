import '../styles/start.css';
import LinkButton from '@atlaskit/button/link';
import { useCallback } from 'react';
import { TEMPLATES } from '../editor/templates';
import { Failure } from '../parts/Failure';
import { Loading } from '../parts/Loading';
import { SiteNotices } from '../privacy/SiteNotices';
import { useApp } from '../shell/app';
import { type PageAddress, pageAddress } from '../shell/page-address';
import { useFetched } from '../shell/use-fetched';

/** What an admin sees after installing: three steps, and reports to begin with. */
export function StartView() {
  const { host } = useApp();
  const fetch = useCallback((signal: AbortSignal) => pageAddress(host.siteUrl, signal), [host]);
  const [address, again] = useFetched(fetch);
  return (
    <main className="page start-view">
      <SiteNotices moves={false} />
      <h1>Get started with Sightline</h1>
      <p className="start-lead">
        Reports over any number of issues: columns, groups and totals, computed in your browser with your own
        Jira rights.
      </p>
      <ol className="start-steps">
        <li>
          <h2>Ask for issues</h2>
          <p>Write the JQL query that finds what the report is about. Jira checks it while you type.</p>
        </li>
        <li>
          <h2>Choose columns and groups</h2>
          <p>
            Any field can be a column, with a sum or an average; any field can form groups, several levels
            deep.
          </p>
        </li>
        <li>
          <h2>Save and share</h2>
          <p>
            Everybody who opens the report sees only issues that they may see, and whether it is complete.
          </p>
        </li>
      </ol>
      {address.state === 'loading' && <Loading label="One moment…" />}
      {address.state === 'failed' && <Failure error={address.error} onAgain={again} />}
      {address.state === 'ready' && <Beginnings address={address.value} />}
    </main>
  );
}

function Beginnings({ address }: { readonly address: PageAddress }) {
  return (
    <>
      <div className="start-actions">
        <LinkButton appearance="primary" href={address.of({ view: 'list' })} target="_top">
          Open reports
        </LinkButton>
        <LinkButton href={address.of({ view: 'new' })} target="_top">
          Create an empty report
        </LinkButton>
      </div>
      <h2>Or begin with one of these</h2>
      <ul className="start-templates">
        {TEMPLATES.map(({ id, name, description }) => (
          <li key={id} className="panel">
            <a href={address.of({ view: 'new', template: id })} target="_top" rel="noopener">
              {name}
            </a>
            <p>{description}</p>
          </li>
        ))}
      </ul>
    </>
  );
}
