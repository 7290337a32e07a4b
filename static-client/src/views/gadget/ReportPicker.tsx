import Textfield from '@atlaskit/textfield';
import { type KeyboardEvent, useCallback, useId, useState } from 'react';
import type { ReportSummary } from '../../server/reports';
import { Failure } from '../parts/Failure';
import { SearchIcon, StarStarredIcon } from '../parts/icons';
import { VisibilityLozenge } from '../parts/VisibilityLozenge';
import { useApp } from '../shell/app';
import { useFetched } from '../shell/use-fetched';
import { useSettled } from '../shell/use-settled';

const SHOWN = 20;

interface ReportPickerProps {
  readonly busy: boolean;
  readonly onPick: (report: ReportSummary) => void;
  readonly onClose: (() => void) | undefined;
}

/** A searchable list of the reports that this person sees (a combobox whose list is always open). */
export function ReportPicker({ busy, onPick, onClose }: ReportPickerProps) {
  const { server } = useApp();
  const [search, setSearch] = useState('');
  const [active, setActive] = useState(0);
  const id = useId();
  const asked = useSettled(search.trim());
  const fetch = useCallback(
    (signal: AbortSignal) => server.reports.list({ search: asked, limit: SHOWN }, signal),
    [server, asked],
  );
  const [page, again] = useFetched(fetch);
  const found = page.state === 'ready' ? page.value.items : [];
  const move = (to: number) => {
    const next = Math.max(0, Math.min(to, found.length - 1));
    setActive(next);
    document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' });
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const report = found[active];
    if (step !== undefined) {
      event.preventDefault();
      move(active + step);
    } else if (event.key === 'Enter' && report && !busy) {
      event.preventDefault();
      onPick(report);
    } else if (event.key === 'Escape' && onClose) {
      event.preventDefault();
      onClose();
    }
  };
  return (
    <div className="report-picker">
      <Textfield
        role="combobox"
        aria-label="Search reports"
        aria-expanded={true}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={found.length > 0 ? `${id}-${active}` : undefined}
        placeholder="Search by name or description"
        maxLength={255}
        value={search}
        elemBeforeInput={
          <span className="search-icon">
            <SearchIcon label="" color="currentColor" />
          </span>
        }
        onChange={(event) => {
          setSearch(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={press}
      />
      <div id={`${id}-list`} role="listbox" aria-label="Reports" aria-busy={busy} className="picker-list">
        {found.map((report, position) => (
          <ReportOption
            key={report.id}
            id={`${id}-${position}`}
            report={report}
            active={position === active}
            busy={busy}
            onPick={() => onPick(report)}
          />
        ))}
      </div>
      {page.state === 'loading' && (
        <p className="hint" role="status">
          Loading reports…
        </p>
      )}
      {page.state === 'failed' && <Failure error={page.error} onAgain={again} />}
      {page.state === 'ready' && (
        <PickerNote found={found.length} search={asked} more={page.value.next !== null} />
      )}
      {page.state === 'ready' && page.value.unchecked && (
        <p className="hint">
          Jira could not be asked about your groups and projects: some reports may be missing.
        </p>
      )}
    </div>
  );
}

interface PickerNoteProps {
  readonly found: number;
  readonly search: string;
  readonly more: boolean;
}

function PickerNote({ found, search, more }: PickerNoteProps) {
  if (found > 0) {
    return more ? <p className="hint">There are more; type to narrow down.</p> : null;
  }
  return (
    <p className="hint" role="status">
      {search
        ? `No report that you may see is called like “${search}”.`
        : 'There is no report that you may see yet. Create one in Apps, Sightline Reports.'}
    </p>
  );
}

interface ReportOptionProps {
  readonly id: string;
  readonly report: ReportSummary;
  readonly active: boolean;
  readonly busy: boolean;
  readonly onPick: () => void;
}

function ReportOption({ id, report, active, busy, onPick }: ReportOptionProps) {
  return (
    <button
      type="button"
      id={id}
      role="option"
      aria-selected={active}
      tabIndex={-1}
      className="picker-option"
      disabled={busy}
      title={report.description}
      onClick={onPick}
    >
      <span className="clipped" dir="auto">
        {report.name}
      </span>
      {report.starred && <StarStarredIcon label="Starred" color="currentColor" />}
      <VisibilityLozenge report={report} />
    </button>
  );
}
