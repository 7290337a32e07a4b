import type { FieldKind } from '../protocol';
import type { CodeColumn } from './code-column';
import type { NumberColumn } from './number-column';

/** The values of one field, one row an issue. */
export type FieldColumn = NumberColumn | CodeColumn;

/** Kinds kept as numbers: seconds, milliseconds since the epoch, percent or plain. */
const NUMERIC: ReadonlySet<FieldKind> = new Set(['number', 'duration', 'date', 'datetime', 'progress']);

export function isNumeric(kind: FieldKind): boolean {
  return NUMERIC.has(kind);
}

export function isDate(kind: FieldKind): boolean {
  return kind === 'date' || kind === 'datetime';
}
