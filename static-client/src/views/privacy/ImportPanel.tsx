import Button from '@atlaskit/button/default/button';
import type { ReactNode } from 'react';
import type { Import } from '../../server/imports';
import { Failure } from '../parts/Failure';
import { Moment } from '../parts/Moment';
import { Notice } from '../parts/Notice';
import { PersonName } from '../people/PersonName';
import { formatBytes } from '../text/format';
import { ImportChooser } from './ImportChooser';
import { ImportFinding } from './ImportFinding';
import { ImportMade } from './ImportMade';
import { applyText, workText } from './import-text';
import { ProgressLine } from './ProgressLine';
import { type ChosenFile, type ImportInView, useImport } from './use-import';

/** Brings an export back: a file is chosen, sent, checked, and applied once a person has seen what would happen. */
export function ImportPanel() {
  const imported = useImport();
  const { error, gone, stage } = imported;
  return (
    <section className="panel" aria-label="Import">
      <h2>Import</h2>
      <p>
        Brings an export of this or another site back. It is checked first, and you see what would happen.
      </p>
      {gone && (
        <Notice tone="information" title="That import is not there any more">
          <p>Somebody has removed it, or nobody touched it for a day. Nothing of it was applied.</p>
        </Notice>
      )}
      {error !== undefined && (
        // Where sending broke off there is a better way to go on.
        <Failure error={error} {...(stage === 'broken' ? {} : { onAgain: imported.again })} />
      )}
      <Present imported={imported} />
    </section>
  );
}

function Present({ imported }: { readonly imported: ImportInView }) {
  const { stage, task, chosen, fault, busy } = imported;
  switch (stage) {
    case 'none':
      return (
        <>
          {task && <Last task={task} />}
          <ImportChooser fault={fault} isDisabled={busy} onChoose={imported.choose} />
        </>
      );
    case 'chosen':
      return (
        <>
          <FileLine chosen={chosen} />
          <Actions imported={imported} leave="Put away">
            <Button appearance="primary" isDisabled={busy} onClick={imported.send}>
              Send and check
            </Button>
          </Actions>
        </>
      );
    case 'sending':
      return <Sending imported={imported} />;
    case 'broken':
      return (
        <>
          <FileLine chosen={chosen} />
          <Notice tone="warning" title="The file was not sent to its end">
            <p>What the server has is kept for a day. Going on sends only what is missing.</p>
          </Notice>
          <Actions imported={imported} leave="Remove">
            <Button appearance="primary" isDisabled={busy} onClick={imported.send}>
              Go on
            </Button>
          </Actions>
        </>
      );
    default:
      return task ? <Begun imported={imported} task={task} /> : null;
  }
}

/** An import of which the server has something to tell. */
function Begun({ imported, task }: { readonly imported: ImportInView; readonly task: Import }) {
  const { busy } = imported;
  switch (imported.stage) {
    case 'working':
      return <Working imported={imported} task={task} />;
    case 'checked':
      return (
        <>
          <FileLine chosen={imported.chosen} />
          {task.check && <ImportFinding found={task.check} />}
          <Actions imported={imported} leave="Remove">
            <Button appearance="primary" isDisabled={busy || !task.applicable} onClick={imported.apply}>
              {task.check ? applyText(task.check) : 'Import'}
            </Button>
          </Actions>
        </>
      );
    case 'failed':
      return (
        <>
          <Notice
            tone="danger"
            title={task.step === 'apply' ? 'The import failed' : 'The file could not be checked'}
          >
            <p>{task.error ?? 'The server gave no reason.'} Nothing was changed.</p>
          </Notice>
          <Actions imported={imported} leave="Remove">
            <Button
              appearance="primary"
              isDisabled={busy}
              onClick={task.step === 'apply' && task.applicable ? imported.apply : imported.check}
            >
              Try again
            </Button>
          </Actions>
        </>
      );
    default:
      return (
        <>
          <Notice tone="information" title="A file was not sent to its end">
            <p>
              Begun by <PersonName accountId={task.created_by} plain /> <Moment time={task.created_at} />;{' '}
              {formatBytes(task.bytes)} are there. Where it is not being sent from another page, remove it and
              send the file again.
            </p>
          </Notice>
          <Actions imported={imported} leave="Remove">
            <Button isDisabled={busy} onClick={imported.again}>
              Look again
            </Button>
          </Actions>
        </>
      );
  }
}

function FileLine({ chosen }: { readonly chosen: ChosenFile | undefined }) {
  return chosen ? (
    <dl className="file-line">
      <dt>File</dt>
      <dd>
        <bdi>{chosen.file.name}</bdi>, {formatBytes(chosen.file.size)}
      </dd>
      <dt>SHA-256</dt>
      <dd>
        <code>{chosen.sha256}</code>
      </dd>
    </dl>
  ) : null;
}

interface ActionsProps {
  readonly imported: ImportInView;
  /** The label of the way out that changes nothing. */
  readonly leave: string;
  readonly children?: ReactNode;
}

function Actions({ imported, leave, children }: ActionsProps) {
  return (
    <div className="panel-actions">
      {children}
      <Button appearance="subtle" isDisabled={imported.busy} onClick={imported.remove}>
        {leave}
      </Button>
    </div>
  );
}

function Sending({ imported: { chosen, sent, remove } }: { readonly imported: ImportInView }) {
  const size = chosen?.file.size ?? 0;
  return (
    <ProgressLine
      label="Sending"
      share={size ? sent / size : undefined}
      text={`Sent ${formatBytes(sent)} of ${formatBytes(size)}`}
      onCancel={remove}
    />
  );
}

function Working({ imported, task }: { readonly imported: ImportInView; readonly task: Import }) {
  const { done, total, state } = task;
  const share = state === 'running' && total ? done / total : undefined;
  return <ProgressLine label="Import" share={share} text={workText(task)} onCancel={imported.remove} />;
}

function Last({ task }: { readonly task: Import }) {
  if (task.state === 'done' && task.applied) {
    return <ImportMade made={task.applied} at={task.finished_at} />;
  }
  return <p className="hint import-last">The last import was cancelled. Nothing of it was applied.</p>;
}
