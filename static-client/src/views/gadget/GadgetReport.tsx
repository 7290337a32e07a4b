import '../styles/report.css';
import { useCallback, useMemo } from 'react';
import type { Report } from '../../server/reports';
import { Failure } from '../parts/Failure';
import { IconButton } from '../parts/IconButton';
import { EditIcon, RefreshIcon } from '../parts/icons';
import { Loading } from '../parts/Loading';
import { LoadingLine } from '../report/LoadingLine';
import { ReportTable } from '../report/ReportTable';
import { type RunInView, useRun } from '../report/use-run';
import { useApp } from '../shell/app';
import { pageAddress } from '../shell/page-address';
import { useFetched } from '../shell/use-fetched';
import { condensed } from './condense';
import { GadgetLine } from './GadgetLine';

interface GadgetReportProps {
  readonly id: string;
  /** Absent where the choice is not this person's. */
  readonly onChange: (() => void) | undefined;
}

/** The chosen report in the room that a dashboard leaves it: its groups with their totals. */
export function GadgetReport({ id, onChange }: GadgetReportProps) {
  const { server, host } = useApp();
  const fetch = useCallback(
    async (signal: AbortSignal) => {
      const [report, address] = await Promise.all([
        server.reports.read(id, signal),
        pageAddress(host.siteUrl, signal),
      ]);
      return { report, href: address.of({ view: 'report', id }) };
    },
    [server, host, id],
  );
  const [opened, again] = useFetched(fetch);
  if (opened.state === 'loading') {
    return <Loading label="Opening the report…" />;
  }
  if (opened.state === 'failed') {
    return <Failure error={opened.error} onAgain={again} />;
  }
  return <RunningReport {...opened.value} onChange={onChange} />;
}

interface RunningReportProps {
  readonly report: Report;
  /** The report's own page. */
  readonly href: string;
  readonly onChange: (() => void) | undefined;
}

/** The depth at which only the first level of groups is open to see. */
const OUTERMOST = 0;

function RunningReport({ report, href, onChange }: RunningReportProps) {
  const small = useMemo(() => ({ ...report, definition: condensed(report.definition) }), [report]);
  const running = useRun(small, OUTERMOST);
  return (
    <>
      <header className="gadget-head">
        <h2 className="clipped">
          <a href={href} target="_top" rel="noopener" dir="auto" title={report.description || report.name}>
            {report.name}
          </a>
        </h2>
        <span className="gadget-tools">
          <IconButton icon={RefreshIcon} label="Refresh" onClick={running.restart} />
          {onChange && <IconButton icon={EditIcon} label="Choose another report" onClick={onChange} />}
        </span>
      </header>
      <Status running={running} />
      <Table running={running} report={small} />
    </>
  );
}

function Status({ running }: { readonly running: RunInView }) {
  const { phase, progress, result, view, endedAt, error } = running.state;
  if (phase === 'failed') {
    return <Failure error={error} onAgain={running.restart} />;
  }
  if (result && view && endedAt !== undefined) {
    return <GadgetLine result={result} view={view} endedAt={endedAt} />;
  }
  return <LoadingLine progress={progress} />;
}

/** Rows that a gadget shows without scrolling, beside the header and the total. */
const MOST_ROWS = 10;
const ROWS_AROUND = 2;
/** As high as the table's rows are. */
const ROW_HEIGHT = 36;

function Table({ running, report }: { readonly running: RunInView; readonly report: Report }) {
  const { run, state } = running;
  const { view, phase } = state;
  if (!run || !view || (phase === 'failed' && view.heldCount === 0)) {
    return null;
  }
  if (phase === 'ended' && view.issueCount === 0) {
    return (
      <p className="gadget-nothing">
        {view.heldCount > 0 ? 'No issue passes the filters of this report.' : 'No issue that you may see.'}
      </p>
    );
  }
  const height = (Math.min(view.rowCount, MOST_ROWS) + ROWS_AROUND) * ROW_HEIGHT;
  return (
    <div className="gadget-table" style={{ height }}>
      <ReportTable
        run={run}
        view={view}
        definition={report.definition}
        name={report.name}
        busy={phase === 'loading'}
        compact
      />
    </div>
  );
}
