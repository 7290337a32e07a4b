import '../styles/report.css';
import { useCallback } from 'react';
import type { ExpansionDepth } from '../../engine/protocol';
import type { Report } from '../../server/reports';
import { Breadcrumbs } from '../parts/Breadcrumbs';
import { EmptyState } from '../parts/EmptyState';
import { Failure } from '../parts/Failure';
import { Loading } from '../parts/Loading';
import { Notice } from '../parts/Notice';
import { useApp } from '../shell/app';
import { useFetched } from '../shell/use-fetched';
import type { Navigation } from '../shell/use-route';
import { CompletenessLine } from './CompletenessLine';
import { LoadingLine } from './LoadingLine';
import { ReportHeader } from './ReportHeader';
import { ReportTable } from './ReportTable';
import { ReportTools } from './ReportTools';
import { type RunInView, useRun } from './use-run';

interface ReportPageProps {
  readonly id: string;
  readonly depth: ExpansionDepth | undefined;
  readonly navigation: Navigation;
}

/** One saved report, run. */
export function ReportPage({ id, depth, navigation }: ReportPageProps) {
  const { server } = useApp();
  const fetch = useCallback((signal: AbortSignal) => server.reports.read(id, signal), [server, id]);
  const [report, again] = useFetched(fetch);
  const home = () => navigation.go({ view: 'list' });
  return (
    <div className="report-view">
      <Breadcrumbs
        crumbs={[{ label: 'Apps' }, { label: 'Sightline', go: home }, { label: 'Reports', go: home }]}
      />
      {report.state === 'loading' && <Loading label="Opening the report…" />}
      {report.state === 'failed' && <Failure error={report.error} onAgain={again} />}
      {report.state === 'ready' && <OpenReport report={report.value} depth={depth} navigation={navigation} />}
    </div>
  );
}

interface OpenReportProps {
  readonly report: Report;
  readonly depth: ExpansionDepth | undefined;
  readonly navigation: Navigation;
}

function OpenReport({ report, depth, navigation }: OpenReportProps) {
  const running = useRun(report, depth);
  const expand = (to: ExpansionDepth) => {
    void running.run?.expand(to);
    navigation.rename({ view: 'report', id: report.id, depth: to });
  };
  return (
    <>
      <ReportHeader report={report} />
      <ReportTools report={report} running={running} navigation={navigation} onExpand={expand} />
      <RunStatus running={running} report={report} />
      <Notices notices={running.state.view?.notices ?? []} />
      <RunTable running={running} report={report} />
    </>
  );
}

interface RunProps {
  readonly running: RunInView;
  readonly report: Report;
}

function RunStatus({ running, report }: RunProps) {
  const { phase, progress, result, view, context, endedAt, error } = running.state;
  if (phase === 'failed') {
    return <Failure error={error} onAgain={running.restart} />;
  }
  if (result && view && context && endedAt !== undefined) {
    const { definition } = report;
    return (
      <CompletenessLine
        result={result}
        view={view}
        context={context}
        definition={definition}
        endedAt={endedAt}
      />
    );
  }
  return <LoadingLine progress={progress} />;
}

/** What of the definition could not be applied; the rest is computed all the same. */
function Notices({ notices }: { readonly notices: readonly string[] }) {
  return notices.length === 0 ? null : (
    <Notice tone="warning">
      {notices.map((notice) => (
        <p key={notice}>{notice}</p>
      ))}
    </Notice>
  );
}

function RunTable({ running, report }: RunProps) {
  const { run, state } = running;
  const { view, phase } = state;
  if (!run || !view || (phase === 'failed' && view.heldCount === 0)) {
    return null;
  }
  if (phase === 'ended' && view.issueCount === 0) {
    return (
      <EmptyState title="No issue matches">
        {view.heldCount > 0
          ? 'The base query finds issues, but none passes the filters of this report.'
          : 'The base query finds no issue that you may see.'}
      </EmptyState>
    );
  }
  const { name, definition } = report;
  return <ReportTable run={run} view={view} definition={definition} name={name} busy={phase === 'loading'} />;
}
