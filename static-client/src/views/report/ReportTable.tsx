import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type KeyboardEvent, useCallback, useMemo, useRef, useState } from 'react';
import type { Definition } from '../../definition';
import type { View } from '../../engine/protocol';
import { useApp } from '../shell/app';
import { layoutOf } from './layout';
import type { ReportRun } from './report-run';
import { TableHeader } from './TableHeader';
import { rowId, TableRow } from './TableRows';
import { TotalRow } from './TotalRow';
import { treeAction } from './tree-keys';
import { useRows } from './use-rows';

/** Pixels; all rows are equally high, so the place of a row is known without having drawn it. */
const ROW_HEIGHT = 36;
const ROWS_BEYOND = 10;

/** Rows that leave the screen at one end are used again at the other: a new one costs more than a changed one. */
const ROW_POOL_STEP = 16;

interface ReportTableProps {
  readonly run: ReportRun;
  readonly view: View;
  readonly definition: Definition;
  readonly name: string;
  readonly busy: boolean;
}

/** The report as a tree grid of which only the rows on the screen exist. */
export function ReportTable({ run, view, definition, name, busy }: ReportTableProps) {
  const { host } = useApp();
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const [resized, setResized] = useState<ReadonlyMap<number, number>>(new Map());
  const { columns, groupLabels } = view;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the columns' shape matters, not each revision
  const layout = useMemo(
    () => layoutOf(view, definition, resized),
    [JSON.stringify(columns), groupLabels.join(), definition, resized],
  );
  const virtual = useVirtualizer({
    count: view.rowCount,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: ROWS_BEYOND,
    scrollPaddingStart: ROW_HEIGHT,
    scrollPaddingEnd: ROW_HEIGHT,
  });
  const shown = virtual.getVirtualItems();
  const pool = Math.ceil(shown.length / ROW_POOL_STEP) * ROW_POOL_STEP;
  const rowAt = useRows(run.engine, view, shown[0]?.index ?? 0, (shown.at(-1)?.index ?? 0) + 1);
  const wide = layout.widths.reduce((sum, width) => sum + width, 0) > (virtual.scrollRect?.width ?? 0);
  const toggle = useCallback((path: string) => void run.toggle(path), [run]);

  const resize = useCallback(
    (position: number, width: number) => setResized((before) => new Map(before).set(position, width)),
    [],
  );

  const press = (event: KeyboardEvent<HTMLTableElement>) => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / ROW_HEIGHT) - 3);
    const action =
      event.target === event.currentTarget || event.target instanceof HTMLAnchorElement
        ? treeAction(event.key, { active, rowCount: view.rowCount, page, row: rowAt })
        : undefined;
    if (!action || event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    event.preventDefault();
    if (action.do === 'move') {
      setActive(action.to);
      virtual.scrollToIndex(action.to);
    } else if (action.do === 'toggle') {
      toggle(action.path);
    } else {
      host.openIssue(action.issueKey);
    }
  };

  return (
    <div ref={scroller} className="table-scroller">
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: ARIA names a table the base of a tree grid
        role="treegrid"
        className={wide ? 'table table-wide' : 'table'}
        tabIndex={0}
        aria-label={name}
        aria-busy={busy}
        aria-rowcount={view.rowCount + 2}
        aria-colcount={layout.widths.length}
        aria-activedescendant={view.rowCount > 0 ? rowId(active) : undefined}
        style={columnsStyle(layout.widths, resized.has(-1))}
        onKeyDown={press}
      >
        <TableHeader view={view} layout={layout} definition={definition} onResize={resize} />
        <tbody className="table-body" style={{ height: virtual.getTotalSize() }}>
          {shown.map(({ index, start }) => (
            <TableRow
              key={index % pool}
              row={rowAt(index)}
              index={index}
              top={start}
              active={index === active}
              view={view}
              layout={layout}
              onToggle={toggle}
              onActive={setActive}
            />
          ))}
        </tbody>
        {view.heldCount > 0 && <TotalRow view={view} layout={layout} />}
      </table>
    </div>
  );
}

/** The tree takes what the others leave, until somebody has given it a width. */
function columnsStyle(widths: readonly number[], treeFixed: boolean): CSSProperties {
  const [tree = 0, ...beside] = widths;
  const first = treeFixed ? `${tree}px` : `minmax(${tree}px, 1fr)`;
  return {
    '--columns': [first, ...beside.map((width) => `${width}px`)].join(' '),
    '--columns-width': `${widths.reduce((sum, width) => sum + width, 0)}px`,
  } as CSSProperties;
}
