import type { KeyboardEvent, PointerEvent } from 'react';
import type { Definition } from '../../definition';
import type { View, ViewColumn } from '../../engine/protocol';
import { headerText, type Layout } from './layout';

interface TableHeaderProps {
  readonly view: View;
  readonly layout: Layout;
  readonly definition: Definition;
  /** Position in `view.columns`, -1 for the tree; width in pixels. */
  readonly onResize: (position: number, width: number) => void;
}

export function TableHeader({ view, layout, definition, onResize }: TableHeaderProps) {
  return (
    <thead className="table-head">
      <tr className="row row-head" aria-rowindex={1}>
        <th scope="col" className="cell cell-tree">
          <span className="clipped" title={layout.treeLabel}>
            {layout.treeLabel}
          </span>
          <ResizeHandle
            label={layout.treeLabel}
            width={layout.widths[0] ?? 0}
            onResize={(width) => onResize(-1, width)}
          />
        </th>
        {layout.beside.map((position, place) => {
          const column = view.columns[position];
          return column ? (
            <ColumnHeader
              key={position}
              column={column}
              definition={definition}
              width={layout.widths[place + 1] ?? 0}
              onResize={(width) => onResize(position, width)}
            />
          ) : null;
        })}
      </tr>
    </thead>
  );
}

interface ColumnHeaderProps {
  readonly column: ViewColumn;
  readonly definition: Definition;
  readonly width: number;
  readonly onResize: (width: number) => void;
}

function ColumnHeader({ column, definition, width, onResize }: ColumnHeaderProps) {
  const text = headerText(column);
  const direction = sortDirection(column, definition);
  return (
    <th
      scope="col"
      className={column.numeric ? 'cell cell-number' : 'cell'}
      aria-sort={direction ?? 'none'}
      title={column.missing ? `${text}: this field no longer exists, or you may not see it` : text}
    >
      <span className={column.missing ? 'clipped missing-field' : 'clipped'}>{text}</span>
      {direction && <span aria-hidden="true">&nbsp;{direction === 'ascending' ? '↑' : '↓'}</span>}
      <ResizeHandle label={text} width={width} onResize={onResize} />
    </th>
  );
}

/** The direction of the first sort rule, where it is about this column. */
function sortDirection(column: ViewColumn, definition: Definition): 'ascending' | 'descending' | undefined {
  const rule = definition.sort?.[0];
  const of = definition.columns[column.index]?.of;
  if (!rule || !of || JSON.stringify(rule.of) !== JSON.stringify(of)) {
    return undefined;
  }
  return rule.direction ?? 'ascending';
}

interface ResizeHandleProps {
  readonly label: string;
  readonly width: number;
  readonly onResize: (width: number) => void;
}

const NARROWEST = 48;
const WIDEST = 1200;
const STEP = 16;

/** Drags the right edge of a column; with the keyboard, the arrow keys do. */
function ResizeHandle({ label, width, onResize }: ResizeHandleProps) {
  const resize = (to: number) => onResize(Math.round(Math.min(Math.max(to, NARROWEST), WIDEST)));
  const drag = (start: PointerEvent<HTMLElement>) => {
    const handle = start.currentTarget;
    const from = handle.parentElement?.getBoundingClientRect().width ?? width;
    handle.setPointerCapture(start.pointerId);
    const move = (event: globalThis.PointerEvent) => resize(from + event.clientX - start.clientX);
    const end = () => handle.removeEventListener('pointermove', move);
    handle.addEventListener('pointermove', move);
    handle.addEventListener('pointerup', end, { once: true });
    handle.addEventListener('pointercancel', end, { once: true });
  };
  const press = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowLeft' ? -STEP : event.key === 'ArrowRight' ? STEP : 0;
    if (step) {
      event.preventDefault();
      event.stopPropagation();
      resize(width + step);
    }
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a thematic break cannot be dragged
    <span
      role="separator"
      className="resize-handle"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label={`Width of ${label}`}
      aria-valuemin={NARROWEST}
      aria-valuemax={WIDEST}
      aria-valuenow={Math.round(width)}
      onPointerDown={drag}
      onKeyDown={press}
    />
  );
}
