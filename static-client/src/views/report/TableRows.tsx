import { memo } from 'react';
import type { Cell, GroupRow, IssueRow, Row, View, ViewColumn } from '../../engine/protocol';
import { ChevronDownIcon, ChevronRightIcon } from '../parts/icons';
import { formatHeld, formatShare } from '../text/format';
import { IssueTypeIcon } from './JiraIcons';
import type { Layout } from './layout';
import { IssueLink } from './links';
import { pathToTellApart } from './tree-keys';
import { Values } from './Values';
import { legible, projectsText, textOf, titleOf } from './value-texts';

export interface TableRowProps {
  readonly row: Row | undefined;
  readonly index: number;
  /** Pixels from the top of the table's body. */
  readonly top: number;
  readonly active: boolean;
  readonly view: View;
  readonly layout: Layout;
  readonly onToggle: (path: string) => void;
  readonly onTellApart: (path: string) => void;
  readonly onActive: (index: number) => void;
}

/** One row of the body. Column changes come as a new layout, so scrolling redraws only rows that are new. */
export const TableRow = memo(function TableRow(props: TableRowProps) {
  const { row, index, top, active, view, layout } = props;
  const group = row?.kind === 'group' ? row : undefined;
  const indent = 8 + (row?.depth ?? 0) * 20;
  return (
    <tr
      id={rowId(index)}
      className={`row ${group ? 'row-group' : 'row-issue'}`}
      style={{ top }}
      aria-rowindex={index + 2}
      aria-level={(row?.depth ?? 0) + 1}
      aria-expanded={group ? group.expanded : undefined}
      aria-selected={active}
      onClick={() => props.onActive(index)}
    >
      <th scope="row" className="cell cell-tree" style={{ paddingInlineStart: indent }}>
        {group && <GroupHead row={group} onToggle={props.onToggle} onTellApart={props.onTellApart} />}
        {row?.kind === 'issue' && <IssueHead row={row} view={view} layout={layout} />}
      </th>
      {layout.beside.map((position) => (
        <BodyCell key={position} cell={row?.cells[position]} row={row} column={view.columns[position]} />
      ))}
    </tr>
  );
});

export function rowId(index: number): string {
  return `row-${index}`;
}

interface BodyCellProps {
  readonly cell: Cell | undefined;
  readonly row: Row | undefined;
  readonly column: ViewColumn | undefined;
}

/** A group shows nothing, not a dash, where its column has no aggregate. */
function BodyCell({ cell, row, column }: BodyCellProps) {
  const blank = row === undefined || (row.kind === 'group' && !cell?.error && cell?.values.length === 0);
  return (
    <td className={column?.numeric ? 'cell cell-number' : 'cell'}>
      {!blank && <Values cell={cell} style={column?.style} />}
    </td>
  );
}

type GroupHeadProps = Pick<TableRowProps, 'onToggle' | 'onTellApart'> & { readonly row: GroupRow };

function GroupHead({ row, onToggle, onTellApart }: GroupHeadProps) {
  const Chevron = row.expanded ? ChevronDownIcon : ChevronRightIcon;
  return (
    <>
      <button
        type="button"
        className="chevron"
        tabIndex={-1}
        aria-label={row.expanded ? 'Collapse' : 'Expand'}
        onClick={() => onToggle(row.path)}
      >
        <Chevron label="" color="currentColor" size="small" />
      </button>
      <span className="group-label">
        <GroupLabel row={row} />
      </span>
      {row.part && <span className="group-project">({row.part.project})</span>}
      <span className="group-count">{formatHeld(row.count, row.worklogs)}</span>
      <span className="group-share">{formatShare(row.share)}</span>
      <ProjectsButton row={row} onTellApart={onTellApart} />
    </>
  );
}

/** Tells a group's projects apart, or makes them one group again; nothing where there is one project. */
function ProjectsButton({ row, onTellApart }: Omit<GroupHeadProps, 'onToggle'>) {
  const path = pathToTellApart(row);
  if (path === undefined) {
    return null;
  }
  const { projects = [] } = row;
  const told = projects.length > 0 ? projectsText(projects) : undefined;
  return (
    <button
      type="button"
      className="group-projects"
      tabIndex={-1}
      aria-keyshortcuts="P"
      title={told ? `${told}. Show each on its own (P)` : 'Show all projects as one group again (P)'}
      onClick={() => onTellApart(path)}
    >
      {told ? `${projects.length} projects` : 'join projects'}
      {told && <span className="unseen">: {told}. Show each on its own.</span>}
    </button>
  );
}

/** People and statuses look as in their cells; everything else is a heading. */
function GroupLabel({ row }: { readonly row: GroupRow }) {
  const { values } = row.label;
  if (values.length === 0) {
    return <span className="clipped">No {row.field.toLowerCase()}</span>;
  }
  if (values.some(({ kind }) => kind === 'user' || kind === 'status')) {
    return <Values cell={row.label} />;
  }
  return (
    <span className="clipped" dir="auto" title={titleOf(values)}>
      {legible(textOf(values))}
    </span>
  );
}

interface IssueHeadProps {
  readonly row: IssueRow;
  readonly view: View;
  readonly layout: Layout;
}

function IssueHead({ row, view, layout }: IssueHeadProps) {
  const [first, second] = layout.inTree;
  const plain = first !== undefined && view.columns[first]?.kind !== 'key';
  if (plain) {
    return <Values cell={row.cells[first]} />;
  }
  const { type } = row;
  return (
    <>
      {type?.kind === 'issuetype' && (
        <span className="type-mark" title={type.text}>
          <IssueTypeIcon name={type.text} url={type.iconUrl} subtask={type.subtask} />
          <span className="unseen">{type.text}</span>
        </span>
      )}
      <IssueLink issueKey={row.key} />
      {second !== undefined && <Values cell={row.cells[second]} />}
    </>
  );
}
