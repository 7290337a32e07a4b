import Textfield from '@atlaskit/textfield';
import { type KeyboardEvent, useCallback, useId, useState } from 'react';
import { LONGEST_SEARCH, type ReportPage, type ReportSummary } from '../../server/reports';
import { Failure } from '../parts/Failure';
import { SearchIcon, StarStarredIcon } from '../parts/icons';
import { SearchHint } from '../parts/SearchHint';
import { VisibilityLozenge } from '../parts/VisibilityLozenge';
import { useApp } from '../shell/app';
import { type Fetched, useFetched } from '../shell/use-fetched';
import { useSettled } from '../shell/use-settled';
import { listKeys } from './list-keys';

const SHOWN = 20;

interface ReportPickerProps {
  readonly busy: boolean;
  readonly onPick: (report: ReportSummary) => void;
  readonly onClose: (() => void) | undefined;
}

/** A searchable list of the reports that this person sees (a combobox whose list is always open). */
export function ReportPicker({ busy, onPick, onClose }: ReportPickerProps) {
  const [search, setSearch] = useState('');
  const [active, setActive] = useState(0);
  const id = useId();
  const asked = useSettled(search.trim());
  const [page, again] = useFoundReports(asked);
  const found = page.state === 'ready' ? page.value.items : [];
  const press = listKeys({
    count: found.length,
    active,
    onMove: (to) => {
      setActive(to);
      document.getElementById(`${id}-${to}`)?.scrollIntoView({ block: 'nearest' });
    },
    onPick: (position) => {
      const report = found[position];
      if (report && !busy) {
        onPick(report);
      }
    },
    onClose,
  });
  return (
    <div className="report-picker">
      <SearchField
        id={id}
        active={found.length > 0 ? active : undefined}
        search={search}
        onSearch={(text) => {
          setSearch(text);
          setActive(0);
        }}
        onKeyDown={press}
      />
      <SearchHint search={search} />
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
      {page.state === 'failed' ? (
        <Failure error={page.error} onAgain={again} />
      ) : (
        <PickerNote page={page} search={asked} />
      )}
    </div>
  );
}

function useFoundReports(search: string): readonly [Fetched<ReportPage>, () => void] {
  const { server } = useApp();
  const fetch = useCallback(
    (signal: AbortSignal) => server.reports.list({ search, limit: SHOWN }, signal),
    [server, search],
  );
  return useFetched(fetch);
}

interface SearchFieldProps {
  readonly id: string;
  /** Position of the option that Enter would take; absent where there is none. */
  readonly active: number | undefined;
  readonly search: string;
  readonly onSearch: (text: string) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

function SearchField({ id, active, search, onSearch, onKeyDown }: SearchFieldProps) {
  return (
    <Textfield
      role="combobox"
      aria-label="Search reports"
      aria-expanded={true}
      aria-controls={`${id}-list`}
      aria-autocomplete="list"
      aria-activedescendant={active === undefined ? undefined : `${id}-${active}`}
      placeholder="Search by name or description"
      maxLength={LONGEST_SEARCH}
      value={search}
      elemBeforeInput={
        <span className="search-icon">
          <SearchIcon label="" color="currentColor" />
        </span>
      }
      onChange={(event) => onSearch(event.currentTarget.value)}
      onKeyDown={onKeyDown}
    />
  );
}

interface PickerNoteProps {
  readonly page: Exclude<Fetched<ReportPage>, { readonly state: 'failed' }>;
  readonly search: string;
}

/** What the list itself does not say. */
function PickerNote({ page, search }: PickerNoteProps) {
  const notes = page.state === 'loading' ? ['Loading reports…'] : notesOf(page.value, search);
  return (
    <div role="status">
      {notes.map((note) => (
        <p key={note} className="hint">
          {note}
        </p>
      ))}
    </div>
  );
}

function notesOf({ items, next, unchecked }: ReportPage, search: string): string[] {
  const notes = next === null ? [] : ['There are more; type to narrow down.'];
  if (items.length === 0) {
    notes.push(
      search
        ? `No report that you may see is called like “${search}”.`
        : 'There is no report that you may see yet. Create one in Apps, Sightline Reports.',
    );
  }
  if (unchecked) {
    notes.push('Jira could not be asked about your groups and projects: some reports may be missing.');
  }
  return notes;
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
