import type { Aggregate, Format } from '../../definition';
import type { FieldColumn } from '../column/column';
import type { Level } from '../group/level';
import type { Cell, EngineContext } from '../protocol';
import { measureCodes } from './measure-codes';
import { measureNumbers } from './measure-numbers';

/** What an aggregate makes of each group; levels are counted from the root, which is 0. */
export interface Measure {
  /** To order groups by; NaN where the aggregate has no number. */
  number(depth: number, group: number): number;
  cell(depth: number, group: number): Cell;
}

export interface MeasureRequest {
  readonly aggregate: Aggregate;
  readonly column: FieldColumn;
  readonly levels: readonly Level[];
  readonly context: EngineContext;
  readonly format?: Format | undefined;
  /** The row of each sub-task's parent or -1, for fields that include sub-tasks. */
  readonly parentRows?: Int32Array | undefined;
}

/** Aggregates that need no column: how many distinct issues. */
export function measureColumn(request: MeasureRequest): Measure {
  return request.column.shape === 'number'
    ? measureNumbers(request, request.column)
    : measureCodes(request, request.column);
}

/** Distinct issues of a group. */
export function sizeOf(level: Level | undefined, group: number): number {
  return (level?.starts[group + 1] ?? 0) - (level?.starts[group] ?? 0);
}

/** The rows of a group, distinct and in the report's order. */
export function rowsOf(level: Level | undefined, group: number): Int32Array {
  return level
    ? level.rows.subarray(level.starts[group] ?? 0, level.starts[group + 1] ?? 0)
    : new Int32Array();
}

export const EMPTY_CELL: Cell = { values: [] };
