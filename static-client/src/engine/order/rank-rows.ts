import type { CodeColumn } from '../column/code-column';
import type { FieldColumn } from '../column/column';
import { type Ranks, rankDictionary } from './rank';
import { type RowRanks, rankNumbers } from './sort-rows';

export type { RowRanks };

/** Ranks of a column's rows; of several values the least counts. */
export function rankRows(column: FieldColumn, locale: string): RowRanks {
  if (column.shape === 'number') return rankNumbers(column.values());
  return rankCodes(column, rankDictionary(column.dictionary, locale));
}

function rankCodes(column: CodeColumn, ranks: Ranks): RowRanks {
  const codes = column.codes();
  const offsets = column.offsets();
  const of = new Int32Array(column.length);
  for (let row = 0; row < of.length; row++) {
    const from = offsets ? (offsets[row] ?? 0) : row;
    const to = offsets ? (offsets[row + 1] ?? 0) : row + 1;
    of[row] = leastRank(codes, from, to, ranks.of);
  }
  return { of, size: ranks.size };
}

function leastRank(codes: Int32Array, from: number, to: number, ranks: Int32Array): number {
  let least = ranks[codes[from] ?? 0] ?? 0;
  for (let at = from + 1; at < to; at++) least = Math.min(least, ranks[codes[at] ?? 0] ?? 0);
  return least;
}
