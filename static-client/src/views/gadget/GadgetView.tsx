import '../styles/gadget.css';
import { useCallback } from 'react';
import type { ReportSummary } from '../../server/reports';
import { EmptyState } from '../parts/EmptyState';
import { Failure } from '../parts/Failure';
import { Loading } from '../parts/Loading';
import { Moment } from '../parts/Moment';
import { type App, useApp } from '../shell/app';
import { type PageAddress, pageAddress } from '../shell/page-address';
import { useFetched } from '../shell/use-fetched';

interface GadgetReports {
  readonly starred: readonly ReportSummary[];
  readonly own: readonly ReportSummary[];
  readonly address: PageAddress;
}

const SHOWN = 20;

/** The dashboard item: the person's starred and own reports, each a link to the full page. */
export function GadgetView() {
  const app = useApp();
  const fetch = useCallback((signal: AbortSignal) => gadgetReports(app, signal), [app]);
  const [reports, again] = useFetched(fetch);
  if (reports.state === 'loading') {
    return <Loading label="Loading reports…" />;
  }
  if (reports.state === 'failed') {
    return <Failure error={reports.error} onAgain={again} />;
  }
  const { starred, own, address } = reports.value;
  if (starred.length + own.length === 0) {
    return (
      <EmptyState
        title="No reports of yours yet"
        action={
          <a href={address.of({ view: 'list' })} target="_top" rel="noopener">
            Open Sightline
          </a>
        }
      >
        Reports that you star or own are listed here.
      </EmptyState>
    );
  }
  return (
    <main className="gadget">
      <ReportLinks title="Starred" reports={starred} address={address} />
      <ReportLinks title="Mine" reports={own} address={address} />
    </main>
  );
}

async function gadgetReports({ server, user, host }: App, signal: AbortSignal): Promise<GadgetReports> {
  const [starred, own, address] = await Promise.all([
    server.reports.list({ starred: true, sort: 'name', limit: SHOWN }, signal),
    server.reports.list({ owner: user.accountId, limit: SHOWN }, signal),
    pageAddress(host.siteUrl, signal),
  ]);
  return { starred: starred.items, own: own.items.filter((report) => !report.starred), address };
}

interface ReportLinksProps {
  readonly title: string;
  readonly reports: readonly ReportSummary[];
  readonly address: PageAddress;
}

function ReportLinks({ title, reports, address }: ReportLinksProps) {
  if (reports.length === 0) {
    return null;
  }
  return (
    <section>
      <h2>{title}</h2>
      <ul>
        {reports.map(({ id, name, updated_at }) => (
          <li key={id}>
            <a className="clipped" href={address.of({ view: 'report', id })} target="_top" rel="noopener">
              {name}
            </a>
            <Moment time={updated_at} />
          </li>
        ))}
      </ul>
    </section>
  );
}
