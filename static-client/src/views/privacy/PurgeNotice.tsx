import '../styles/notices.css';
import Button from '@atlaskit/button/default/button';
import type { ReactNode } from 'react';
import { StatusWarningIcon } from '../parts/icons';
import { Moment, useNow } from '../parts/Moment';
import { PersonName } from '../people/PersonName';
import { useApp } from '../shell/app';
import { formatAhead, formatMoment } from '../text/format';

/** The purge that a notice is about. */
export interface ComingPurge {
  readonly dueAt: string;
  readonly askedAt: string;
  /** The account that asked; null where it was nobody of the site. */
  readonly askedBy: string | null;
  readonly hasBegun: boolean;
}

interface PurgeNoticeProps {
  readonly purge: ComingPurge;
  readonly isStopping: boolean;
  readonly onStop: () => void;
  /** The way to where more is told. */
  readonly children?: ReactNode;
}

/** Tells admins that everything will be removed, and lets each of them stop it. */
export function PurgeNotice({ purge, isStopping, onStop, children }: PurgeNoticeProps) {
  const { askedBy, askedAt, hasBegun } = purge;
  return (
    <section className="notice notice-warning purge-notice" aria-label="Removal of all data">
      <span className="notice-icon">
        <StatusWarningIcon label="Warning" color="currentColor" />
      </span>
      <p>
        <strong>{hasBegun ? 'All data of this site is being removed.' : <Due purge={purge} />}</strong> Asked
        for by {askedBy ? <PersonName accountId={askedBy} plain /> : 'the operator of this service'}{' '}
        <Moment time={askedAt} />.{!hasBegun && ' Reports work until then.'} {children}
      </p>
      {!hasBegun && (
        <Button isDisabled={isStopping} onClick={onStop}>
          Stop the removal
        </Button>
      )}
    </section>
  );
}

/** When it will happen, in the reader's own time zone. */
export function Due({ purge: { dueAt } }: { readonly purge: Pick<ComingPurge, 'dueAt'> }) {
  const { timeZone } = useApp().user;
  const now = useNow(10);
  const ahead = formatAhead(dueAt, now);
  return ahead === 'now' ? (
    <>Everything will be removed any moment now.</>
  ) : (
    <>
      Everything will be removed on <time dateTime={dueAt}>{formatMoment(dueAt, timeZone)}</time>, {ahead}.
    </>
  );
}
