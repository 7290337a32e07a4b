import { useState } from 'react';
import type { ReportSummary } from '../../server/reports';
import { useApp } from '../shell/app';
import { StarStarredIcon, StarUnstarredIcon } from './icons';

/** The person's own mark on a report; a refused change springs back. */
export function Star({ report }: { readonly report: Pick<ReportSummary, 'id' | 'name' | 'starred'> }) {
  const { server } = useApp();
  const [starred, setStarred] = useState(report.starred);
  const Icon = starred ? StarStarredIcon : StarUnstarredIcon;
  const label = starred ? 'Remove the star' : 'Star';
  const toggle = () => {
    setStarred(!starred);
    server.reports.star(report.id, !starred).catch(() => setStarred(starred));
  };
  return (
    <button
      type="button"
      className={starred ? 'icon-button star star-on' : 'icon-button star'}
      aria-pressed={starred}
      aria-label={`Star ${report.name}`}
      title={label}
      onClick={toggle}
    >
      <Icon label="" color="currentColor" />
    </button>
  );
}
