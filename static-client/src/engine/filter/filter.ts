import type { Filter } from '../../definition';
import type { FieldColumn } from '../column/column';
import { matchCodes } from './match-codes';
import { matchNumbers, type NumberScale } from './match-numbers';

/** Tells whether a row passes. */
export type Predicate = (row: number) => boolean;

/**
 * A filter over a column. Its nulls: an empty value is no value at all, so it satisfies `none of`, `differs`
 * and `does not contain`, and no comparison.
 */
export function filterColumn(filter: Filter, column: FieldColumn, scale: NumberScale): Predicate {
  const negated = NEGATED[filter.operator];
  const operator = negated ?? filter.operator;
  const holds =
    column.shape === 'number'
      ? matchNumbers({ ...filter, operator }, column, scale)
      : matchCodes({ ...filter, operator }, column, scale.locale);
  return negated ? (row) => !holds(row) : holds;
}

/** Operators that hold exactly where another does not. */
const NEGATED: Partial<Record<Filter['operator'], Filter['operator']>> = {
  'none of': 'any of',
  'does not contain': 'contains',
  differs: 'equals',
  'is not empty': 'is empty',
};

/** The rows, in their order, that pass all predicates. */
export function keepRows(rows: Int32Array, predicates: readonly Predicate[]): Int32Array {
  return predicates.reduce(keepHolding, rows);
}

function keepHolding(rows: Int32Array, holds: Predicate): Int32Array {
  const kept = new Int32Array(rows.length);
  let to = 0;
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] as number;
    if (holds(row)) kept[to++] = row;
  }
  return kept.slice(0, to);
}
