import Button from '@atlaskit/button/default/button';
import { isOver, type Task } from '../../server/exports';
import { Failure } from '../parts/Failure';
import { Moment } from '../parts/Moment';
import { Notice } from '../parts/Notice';
import { formatBytes, formatCount } from '../text/format';
import { ProgressLine } from './ProgressLine';
import { type ExportInView, useExport } from './use-export';

/** The panel's id in the document. */
export const EXPORT_PANEL = 'export';

export function ExportPanel() {
  const exported = useExport();
  const { task, error, busy } = exported;
  const running = task !== undefined && !isOver(task);
  return (
    <section id={EXPORT_PANEL} className="panel" aria-label="Export" tabIndex={-1}>
      <h2>Export</h2>
      <p>One JSON file with every report, its sharing and history. It can be imported again.</p>
      {error !== undefined && <Failure error={error} onAgain={exported.start} />}
      {running && <ExportProgress task={task} onCancel={exported.cancel} />}
      {!running && (
        <div className="panel-actions">
          {task && <LastExport task={task} exported={exported} />}
          <Button
            appearance={task?.state === 'done' ? 'default' : 'primary'}
            isDisabled={busy}
            onClick={exported.start}
          >
            {task ? 'Export again' : 'Export'}
          </Button>
        </div>
      )}
    </section>
  );
}

function ExportProgress({ task, onCancel }: { readonly task: Task; readonly onCancel: () => void }) {
  const { done, total, state } = task;
  const text =
    state === 'running' && total
      ? `Writing record ${formatCount(done)} of ${formatCount(total)}`
      : 'Waiting to start';
  const share = total ? done / total : undefined;
  return <ProgressLine label="Export" share={share} text={text} onCancel={onCancel} />;
}

/** `4 reports`. */
function contents({ counts }: Task): string | undefined {
  const reports = counts?.reports;
  return reports === undefined
    ? undefined
    : `${formatCount(reports)} ${reports === 1 ? 'report' : 'reports'}`;
}

function LastExport({ task, exported }: { readonly task: Task; readonly exported: ExportInView }) {
  const finished = task.finished_at ?? task.created_at;
  if (task.state === 'failed') {
    return (
      <Notice tone="danger" title="The last export failed">
        <p>{task.error ?? 'The server gave no reason.'} Nothing was changed; start it again.</p>
      </Notice>
    );
  }
  if (task.state === 'cancelled') {
    return <p className="hint">The last export was cancelled.</p>;
  }
  return (
    <>
      <Button appearance="primary" isDisabled={exported.busy} onClick={exported.download}>
        Download
      </Button>
      <p className="hint">
        {[contents(task), typeof task.bytes === 'number' && formatBytes(task.bytes)]
          .filter(Boolean)
          .join(', ')}
        {finished && (
          <>
            , written <Moment time={finished} />
          </>
        )}
      </p>
    </>
  );
}
