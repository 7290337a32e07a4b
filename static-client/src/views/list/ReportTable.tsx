import type { ReportSort, ReportSummary } from '../../server/reports';
import { IconButton } from '../parts/IconButton';
import { DeleteIcon, EditIcon } from '../parts/icons';
import { Moment } from '../parts/Moment';
import { Star } from '../parts/Star';
import { VisibilityLozenge } from '../parts/VisibilityLozenge';
import { PersonName } from '../people/PersonName';
import { useApp } from '../shell/app';
import { formatRoute } from '../shell/route';
import type { Navigation } from '../shell/use-route';

interface ReportTableProps {
  readonly reports: readonly ReportSummary[];
  readonly sort: ReportSort;
  readonly onSort: (sort: ReportSort) => void;
  readonly navigation: Navigation;
  readonly onRemove: (report: ReportSummary) => void;
}

export function ReportTable({ reports, sort, onSort, navigation, onRemove }: ReportTableProps) {
  return (
    <table className="plain-table report-table">
      <thead>
        <tr>
          <SortableHeader label="Name" by="name" first="name" sort={sort} onSort={onSort} />
          <th scope="col">Owner</th>
          <th scope="col">Visibility</th>
          <SortableHeader label="Edited" by="updated" first="-updated" sort={sort} onSort={onSort} />
          <th scope="col">
            <span className="unseen">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {reports.map((report) => (
          <ReportRow key={report.id} report={report} navigation={navigation} onRemove={onRemove} />
        ))}
      </tbody>
    </table>
  );
}

interface SortableHeaderProps {
  readonly label: string;
  readonly by: 'name' | 'updated';
  /** The order of the first click. */
  readonly first: ReportSort;
  readonly sort: ReportSort;
  readonly onSort: (sort: ReportSort) => void;
}

function SortableHeader({ label, by, first, sort, onSort }: SortableHeaderProps) {
  const active = sort === by || sort === `-${by}`;
  const descending = sort === `-${by}`;
  const flipped: ReportSort = descending ? by : `-${by}`;
  return (
    <th scope="col" aria-sort={active ? (descending ? 'descending' : 'ascending') : 'none'}>
      <button type="button" className="sort-button" onClick={() => onSort(active ? flipped : first)}>
        {label}
        <span aria-hidden="true">{active ? (descending ? ' ↓' : ' ↑') : ''}</span>
      </button>
    </th>
  );
}

interface ReportRowProps {
  readonly report: ReportSummary;
  readonly navigation: Navigation;
  readonly onRemove: (report: ReportSummary) => void;
}

function ReportRow({ report, navigation, onRemove }: ReportRowProps) {
  const { user } = useApp();
  const { id, name, description } = report;
  const mine = report.administrators.includes(user.accountId);
  return (
    <tr>
      <td>
        <a
          className="report-link"
          href={`#!${formatRoute({ view: 'report', id })}`}
          onClick={(event) => {
            event.preventDefault();
            navigation.go({ view: 'report', id });
          }}
        >
          {name}
        </a>
        {description && <p className="report-description">{description}</p>}
      </td>
      <td>
        <PersonName accountId={report.administrators[0] ?? report.created_by} />
      </td>
      <td>
        <VisibilityLozenge report={report} />
      </td>
      <td>
        <Moment time={report.updated_at} />
      </td>
      <td className="row-actions">
        <Star report={report} />
        {mine && (
          <>
            <IconButton
              icon={EditIcon}
              label={`Edit ${name}`}
              onClick={() => navigation.go({ view: 'edit', id })}
            />
            <IconButton icon={DeleteIcon} label={`Delete ${name}`} onClick={() => onRemove(report)} />
          </>
        )}
      </td>
    </tr>
  );
}
