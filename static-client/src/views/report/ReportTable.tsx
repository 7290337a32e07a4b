import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, useCallback, useMemo, useRef, useState } from 'react';
import type { Definition } from '../../definition';
import type { View } from '../../engine/protocol';
import { type Layout, layoutOf } from './layout';
import type { ReportRun } from './report-run';
import { TableHeader } from './TableHeader';
import { rowId, TableRow } from './TableRows';
import { TotalRow } from './TotalRow';
import { useRows } from './use-rows';
import { useTreeKeys } from './use-tree-keys';

/** Pixels; all rows are equally high, so the place of a row is known without having drawn it. */
const ROW_HEIGHT = 36;
const ROWS_BEYOND = 10;

/** The header, the total and one row that stays in sight when a key turns the page. */
const ROWS_AROUND = 3;

/** Rows that leave the screen at one end are used again at the other: a new one costs more than a changed one. */
const ROW_POOL_STEP = 16;

interface ReportTableProps {
  readonly run: ReportRun;
  readonly view: View;
  readonly definition: Definition;
  readonly name: string;
  readonly busy: boolean;
  /** For a small place: columns are narrower than usual. */
  readonly compact?: boolean;
}

/** The report as a tree grid of which only the rows on the screen exist. */
export function ReportTable({ run, view, definition, name, busy, compact = false }: ReportTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const { layout, resize, treeFixed } = useLayout(view, definition, compact);
  const virtual = useVirtualizer({
    count: view.rowCount,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: ROWS_BEYOND,
    scrollPaddingStart: ROW_HEIGHT,
    scrollPaddingEnd: ROW_HEIGHT,
  });
  const shown = virtual.getVirtualItems();
  const from = shown[0]?.index ?? 0;
  const to = (shown.at(-1)?.index ?? -1) + 1;
  const rowAt = useRows(run.engine, view, from, to);
  const toggle = useCallback((path: string) => void run.toggle(path), [run]);
  const tellApart = useCallback((path: string) => void run.tellApart(path), [run]);
  const pageRows = Math.floor((virtual.scrollRect?.height ?? 0) / ROW_HEIGHT) - ROWS_AROUND;
  const keys = useTreeKeys(
    { rowCount: view.rowCount, page: Math.max(1, pageRows), row: rowAt },
    toggle,
    tellApart,
    (index) => virtual.scrollToIndex(index),
  );
  const pool = Math.ceil(shown.length / ROW_POOL_STEP) * ROW_POOL_STEP;
  const wide = sum(layout.widths) > (virtual.scrollRect?.width ?? 0);
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
        aria-activedescendant={keys.active >= from && keys.active < to ? rowId(keys.active) : undefined}
        style={columnsStyle(layout.widths, treeFixed)}
        onKeyDown={keys.press}
      >
        <TableHeader view={view} layout={layout} definition={definition} onResize={resize} />
        <tbody className="table-body" style={{ height: virtual.getTotalSize() }}>
          {shown.map(({ index, start }) => (
            <TableRow
              key={index % pool}
              row={rowAt(index)}
              index={index}
              top={start}
              active={index === keys.active}
              view={view}
              layout={layout}
              onToggle={toggle}
              onTellApart={tellApart}
              onActive={keys.activate}
            />
          ))}
        </tbody>
        {view.heldCount > 0 && <TotalRow view={view} layout={layout} />}
      </table>
    </div>
  );
}

/** The layout of the view's columns, with the widths that were dragged; these live as long as the table. */
function useLayout(view: View, definition: Definition, compact: boolean) {
  const [resized, setResized] = useState<ReadonlyMap<number, number>>(new Map());
  const { columns, groupLabels } = view;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only the columns' shape matters, not each revision
  const usual = useMemo(
    () => layoutOf(view, definition, resized),
    [JSON.stringify(columns), groupLabels.join(), definition, resized],
  );
  const layout = useMemo(() => (compact ? narrowed(usual, resized) : usual), [usual, compact, resized]);
  const resize = useCallback(
    (position: number, width: number) => setResized((before) => new Map(before).set(position, width)),
    [],
  );
  return { layout, resize, treeFixed: resized.has(-1) };
}

const NARROW_TREE = 232;
const NARROW_COLUMN = 124;

/** The layout with narrow columns, but for those that were dragged. */
function narrowed(layout: Layout, resized: ReadonlyMap<number, number>): Layout {
  const [tree = 0, ...beside] = layout.widths;
  const widths = beside.map((width, place) =>
    resized.has(layout.beside[place] ?? -1) ? width : Math.min(width, NARROW_COLUMN),
  );
  return { ...layout, widths: [resized.has(-1) ? tree : NARROW_TREE, ...widths] };
}

/** The tree takes what the others leave, until somebody has given it a width. */
function columnsStyle(widths: readonly number[], treeFixed: boolean): CSSProperties {
  const [tree = 0, ...beside] = widths;
  const first = treeFixed ? `${tree}px` : `minmax(${tree}px, 1fr)`;
  return {
    '--columns': [first, ...beside.map((width) => `${width}px`)].join(' '),
    '--columns-width': `${sum(widths)}px`,
  } as CSSProperties;
}

function sum(widths: readonly number[]): number {
  return widths.reduce((total, width) => total + width, 0);
}
