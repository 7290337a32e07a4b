import type { FieldKind, ViewColumn } from '../protocol';
import type { ReportColumn } from '../report';

const NUMERIC: ReadonlySet<FieldKind> = new Set(['number', 'duration', 'progress']);

/** What the page needs to know to draw a column. */
export function viewColumn({ index, column, source }: ReportColumn): ViewColumn {
  const style = column.format?.style;
  return {
    index,
    label: column.label ?? source.name,
    kind: source.kind,
    numeric: NUMERIC.has(source.kind),
    missing: 'error' in source,
    ...(column.aggregate && { aggregate: column.aggregate }),
    ...(column.width !== undefined && { width: column.width }),
    ...((style === 'icon' || style === 'text') && { style }),
  };
}
