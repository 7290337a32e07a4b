import type { GroupRow, Row } from '../../engine/protocol';

/** What a key does in the tree grid. */
export type TreeAction =
  | { readonly do: 'move'; readonly to: number }
  | { readonly do: 'toggle'; readonly path: string }
  | { readonly do: 'tell apart'; readonly path: string }
  | { readonly do: 'open'; readonly issueKey: string };

export interface Place {
  readonly active: number;
  readonly rowCount: number;
  /** Rows that fit on the screen. */
  readonly page: number;
  readonly row: (index: number) => Row | undefined;
}

/**
 * The keys of a tree grid (WAI-ARIA Authoring Practices): arrows move and open or close groups, left on a
 * closed group or an issue goes to its parent, Enter opens an issue. P shows a group's projects each on its own,
 * or as one group again.
 */
export function treeAction(key: string, place: Place): TreeAction | undefined {
  const { active, rowCount, page } = place;
  const row = place.row(active);
  switch (key) {
    case 'ArrowDown':
      return move(active + 1, rowCount);
    case 'ArrowUp':
      return move(active - 1, rowCount);
    case 'PageDown':
      return move(active + page, rowCount);
    case 'PageUp':
      return move(active - page, rowCount);
    case 'Home':
      return move(0, rowCount);
    case 'End':
      return move(rowCount - 1, rowCount);
    case 'ArrowRight':
      return row?.kind === 'group' ? openOrEnter(row, active, rowCount) : undefined;
    case 'ArrowLeft':
      return row && closeOrLeave(row, place);
    case 'Enter':
    case ' ':
      return row && openOrToggle(row, key);
    case 'p':
    case 'P':
      return row && tellApart(row);
    default:
      return undefined;
  }
}

function move(to: number, rowCount: number): TreeAction {
  return { do: 'move', to: Math.max(0, Math.min(to, rowCount - 1)) };
}

function openOrEnter(row: Row & { kind: 'group' }, active: number, rowCount: number): TreeAction {
  return row.expanded ? move(active + 1, rowCount) : { do: 'toggle', path: row.path };
}

function closeOrLeave(row: Row, { rowCount }: Place): TreeAction | undefined {
  if (row.kind === 'group' && row.expanded) {
    return { do: 'toggle', path: row.path };
  }
  return row.parent === undefined ? undefined : move(row.parent, rowCount);
}

function openOrToggle(row: Row, key: string): TreeAction | undefined {
  if (row.kind === 'group') {
    return { do: 'toggle', path: row.path };
  }
  return key === 'Enter' ? { do: 'open', issueKey: row.key } : undefined;
}

function tellApart(row: Row): TreeAction | undefined {
  const path = row.kind === 'group' ? pathToTellApart(row) : undefined;
  return path === undefined ? undefined : { do: 'tell apart', path };
}

/** The path to give to the engine; `undefined` where a group's issues are of one project. */
export function pathToTellApart({ path, part, projects }: GroupRow): string | undefined {
  return part?.of ?? (projects && path);
}
