import type { Aggregate, Definition, Group } from '../../definition';
import type { FieldKind, View, ViewColumn } from '../../engine/protocol';

/** How the columns of a view are laid out: the first one is the tree and stays at the left edge. */
export interface Layout {
  readonly treeLabel: string;
  /** Positions in `view.columns` that the tree shows for an issue: its key, its summary. */
  readonly inTree: readonly number[];
  /** Positions of the columns beside the tree. */
  readonly beside: readonly number[];
  /** Pixels, the tree first. */
  readonly widths: readonly number[];
}

const WIDTHS: Partial<Record<FieldKind, number>> = {
  key: 120,
  text: 240,
  number: 128,
  duration: 168,
  date: 120,
  datetime: 160,
  user: 180,
  status: 140,
  priority: 120,
  issuetype: 120,
  label: 180,
  component: 180,
  version: 160,
  sprint: 180,
  project: 160,
};
const USUAL_WIDTH = 140;
const TREE_WITH_SUMMARY = 360;
const TREE_ALONE = 280;

/**
 * The tree holds groups and, of an issue, the key and a summary next to it where these come first; a first
 * column of another kind is the tree itself in a report without groups.
 */
export function layoutOf(view: View, definition: Definition, resized: ReadonlyMap<number, number>): Layout {
  const inTree = columnsInTree(view, definition);
  const beside = view.columns.map((_, position) => position).filter((position) => !inTree.includes(position));
  const treeWidth = inTree.reduce((sum, position) => sum + (view.columns[position]?.width ?? 0), 0);
  const usualTree = inTree.length > 1 ? TREE_WITH_SUMMARY : TREE_ALONE;
  return {
    treeLabel: treeLabel(view, definition, inTree),
    inTree,
    beside,
    widths: [
      resized.get(-1) ?? Math.max(treeWidth, usualTree),
      ...beside.map((position) => resized.get(position) ?? widthOf(view.columns[position])),
    ],
  };
}

function columnsInTree(view: View, definition: Definition): number[] {
  const [first, second] = view.columns;
  if (!first || first.aggregate || (first.kind !== 'key' && view.groupLabels.length > 0)) {
    return [];
  }
  const of = second && definition.columns[second.index]?.of;
  const isSummary = of !== undefined && 'field' in of && of.field === 'summary' && !second?.aggregate;
  return first.kind === 'key' && isSummary ? [0, 1] : [0];
}

function treeLabel(view: View, definition: Definition, inTree: readonly number[]): string {
  const row = view.worklogs === undefined ? 'Issue' : 'Worklog';
  if (view.groupLabels.length > 0) {
    const levels = view.groupLabels.map((label, depth) => groupText(label, definition.groups?.[depth]));
    return [...levels, row].join(' › ');
  }
  return inTree.length === 1 ? (view.columns[0]?.label ?? row) : row;
}

/** `Created, month`; the plain name where groups are by value. */
function groupText(label: string, group: Group | undefined): string {
  return group?.by && group.by !== 'value' ? `${label}, ${group.by}` : label;
}

function widthOf(column: ViewColumn | undefined): number {
  return column?.width ?? (column && WIDTHS[column.kind]) ?? USUAL_WIDTH;
}

/** `Σ Time spent` for a sum, `Age, median` for any other aggregate, else the label itself. */
export function headerText(column: ViewColumn): string {
  const { aggregate, label } = column;
  if (aggregate === undefined) {
    return label;
  }
  return aggregate === 'sum' ? `Σ ${label}` : `${label}, ${aggregateText(aggregate)}`;
}

export function aggregateText(aggregate: Aggregate): string {
  if (typeof aggregate === 'string') {
    return aggregate;
  }
  return 'percentile' in aggregate ? `percentile ${aggregate.percentile}` : `share of ${aggregate.share}`;
}
