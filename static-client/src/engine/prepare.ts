import type { Memo } from './memo';
import { settleOrder } from './order/rank';
import { type RowRanks, rankRows } from './order/rank-rows';
import type { Report } from './report';
import type { Source } from './source';

type Found = Extract<Source, { column: unknown }>;

/** The order of a source's rows, kept until more issues come. */
export function ranksOf(source: Found, memo: Memo, locale: string): RowRanks {
  return memo.get(ranksKey(source), () => rankRows(source.column, locale));
}

/** Texts put in order at a time, so that no call waits long for it: 10 ms of a million. */
const PIECE = 25_000;

/** Ranks one more of the report's columns, or goes on with its texts, so that sorting by it is quick when asked for; false when all are. */
export function rankNext({ columns }: Report, memo: Memo, locale: string): boolean {
  for (const { source } of columns) {
    if ('error' in source || memo.has(ranksKey(source))) continue;
    const { column } = source;
    const settling = column.shape === 'code' && settleOrder(column.dictionary, locale, PIECE);
    if (!settling) ranksOf(source, memo, locale);
    return true;
  }
  return false;
}

function ranksKey({ id }: Found): string {
  return `ranks ${id}`;
}
