import type { Format } from '../../definition';
import type { Cell, EngineContext } from '../protocol';
import type { Source } from '../source';
import { formatNumber } from './format-number';

/** The cell of one issue. */
export function issueCell(
  source: Source,
  row: number,
  format: Format | undefined,
  context: EngineContext,
): Cell {
  if ('error' in source) return { values: [], error: source.error };
  const { column } = source;
  if (column.shape === 'code') return { values: column.at(row).map((code) => column.dictionary.value(code)) };
  const value = column.values()[row] ?? Number.NaN;
  return { values: Number.isNaN(value) ? [] : [formatNumber(value, column.kind, format, context)] };
}
