import Button from '@atlaskit/button/default/button';
import { type ReactNode, useEffect, useRef } from 'react';
import type { Purge } from '../../server/purges';
import { Failure } from '../parts/Failure';
import { Loading } from '../parts/Loading';
import { Moment } from '../parts/Moment';
import { Notice } from '../parts/Notice';
import { PersonName } from '../people/PersonName';
import { ProgressLine } from './ProgressLine';
import { PurgeForm } from './PurgeForm';
import { Due } from './PurgeNotice';
import { PurgeReceiptView } from './PurgeReceiptView';
import { stageOf } from './purge-stage';
import type { PurgesInView } from './use-purge';

/** Removes everything that is stored of the site, after a time in which every admin can stop it. */
export function PurgePanel({ purges }: { readonly purges: PurgesInView }) {
  const { coming, done, error, isKnown } = purges;
  return (
    <section className="panel purge-panel" aria-label="Remove all data">
      <h2>Remove all data</h2>
      <p>Everything that Sightline stores about this site, for good. You get a receipt.</p>
      <Outcome purges={purges} />
      {error !== undefined && <Failure error={error} onAgain={purges.again} />}
      {!isKnown && error === undefined && <Loading label="Loading…" />}
      <div aria-live="polite">{coming && <Coming purge={coming} purges={purges} />}</div>
      {isKnown && !coming && <PurgeForm purges={purges} />}
      {done.length > 0 && <Receipts done={done} />}
    </section>
  );
}

function Coming({ purge, purges }: { readonly purge: Purge; readonly purges: PurgesInView }) {
  if (stageOf(purge) === 'running') {
    const text = 'Removing everything; this cannot be stopped any more';
    return <ProgressLine label="Removal" share={undefined} text={text} />;
  }
  return (
    <TakesFocus when={purges.acted}>
      <p>
        <Due purge={{ dueAt: purge.due_at }} />
      </p>
      <p className="hint">
        Asked for by{' '}
        {purge.created_by ? (
          <PersonName accountId={purge.created_by} plain />
        ) : (
          'the operator of this service'
        )}{' '}
        <Moment time={purge.created_at} />. Until then every Jira admin of this site sees it and can stop it;
        uninstalling Sightline does not.
      </p>
      <div className="panel-actions">
        <Button isDisabled={purges.busy} onClick={purges.stop}>
          Stop the removal
        </Button>
      </div>
    </TakesFocus>
  );
}

/** How the last one ended, where it came to nothing. */
function Outcome({ purges: { acted, coming, last } }: { readonly purges: PurgesInView }) {
  if (coming || !last) {
    return null;
  }
  if (last.state === 'failed') {
    return (
      <Notice tone="danger" title="The removal failed">
        <p>{last.error ?? 'The server gave no reason.'} Ask for it again, or write to the operator.</p>
      </Notice>
    );
  }
  return acted ? (
    <TakesFocus when>
      <Notice tone="success" title="The removal was stopped">
        <p>Nothing was removed.</p>
      </Notice>
    </TakesFocus>
  ) : (
    <p className="hint">
      The removal that was asked for <Moment time={last.created_at} /> was stopped. Nothing was removed.
    </p>
  );
}

interface TakesFocusProps {
  readonly when: boolean;
  readonly children: ReactNode;
}

/** Where it takes the place of what a person has just used, the keyboard goes on from here. */
function TakesFocus({ when, children }: TakesFocusProps) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (when && document.activeElement === document.body) {
      element.current?.focus();
    }
  }, [when]);
  return (
    <div ref={element} className="takes-focus" tabIndex={-1}>
      {children}
    </div>
  );
}

function Receipts({ done: [newest, ...older] }: { readonly done: readonly Purge[] }) {
  return (
    <div className="receipts">
      {newest && (
        <>
          <h3>Receipt</h3>
          <PurgeReceiptView key={newest.id} id={newest.id} />
        </>
      )}
      {older.map(({ id, finished_at, created_at }) => (
        <details key={id}>
          <summary>
            An earlier removal, <Moment time={finished_at ?? created_at} />
          </summary>
          <PurgeReceiptView id={id} />
        </details>
      ))}
    </div>
  );
}
