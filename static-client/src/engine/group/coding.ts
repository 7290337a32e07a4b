import type { Group, Options } from '../../definition';
import type { FieldColumn } from '../column/column';
import { isDate } from '../column/column';
import type { Cell, EngineContext } from '../protocol';
import { isDateUnit } from '../time/bucket';
import type { Zone } from '../time/zone';
import { codeDates } from './by-date';
import { codeLetters } from './by-letter';
import { codeNumbers, codeRanges } from './by-number';
import { codeCombined, codeValues } from './by-value';

/** Several codes a row: its own are `codes[offsets[row] .. offsets[row + 1]]`. */
export interface CodeLists {
  readonly offsets: Int32Array;
  /** The row of each code. */
  readonly owners: Int32Array;
}

/**
 * To which groups each row belongs: one code a row or, with `lists`, several. Code 0 is the group
 * of issues without a value; the others ascend in the groups' natural order. A row repeats no code.
 */
export interface Coding {
  readonly codes: Int32Array;
  readonly lists?: CodeLists;
  /** Codes in use, 0 included. */
  readonly size: number;
  /** What makes the group the same one after a reload. */
  identity(code: number): string;
  label(code: number): Cell;
  /** Whether the group takes in several values that only share their name. */
  isShared?(code: number): boolean;
}

export interface CodingScale {
  readonly context: EngineContext;
  readonly options: Options;
  readonly zone: Zone;
}

/** The coding of a rule; a unit that does not fit the column's kind groups by value. */
export function codeColumn(rule: Group, column: FieldColumn, scale: CodingScale): Coding {
  if (column.shape === 'number') {
    if (isDate(column.kind)) return codeDates(isDateUnit(rule.by) ? rule.by : 'day', column, scale);
    return rule.by === 'range'
      ? codeRanges(rule.step ?? 1, column, scale.context)
      : codeNumbers(column, scale.context);
  }
  const mode = rule.values ?? 'each';
  if (rule.by === 'first letter') return codeLetters(column, mode, scale.context.locale);
  return mode === 'combined' && column.offsets()
    ? codeCombined(column, scale.context.locale)
    : codeValues(column, mode, scale.context.locale);
}
