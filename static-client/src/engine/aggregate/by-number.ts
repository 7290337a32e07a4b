import type { Format } from '../../definition';
import type { EngineContext } from '../protocol';
import { formatNumber, type NumberKind } from '../view/format-number';
import { EMPTY_CELL, type Measure, type MeasureRequest } from './measure';

/** A measure that is a number of a kind; NaN shows as empty. */
export function numberMeasure(
  number: Measure['number'],
  kind: NumberKind,
  format: Format | undefined,
  context: EngineContext,
): Measure {
  return {
    number,
    cell(depth, group) {
      const value = number(depth, group);
      return Number.isNaN(value) ? EMPTY_CELL : { values: [formatNumber(value, kind, format, context)] };
    },
  };
}

/** A measure that cannot be taken, and why. */
export function failedMeasure(error: string): Measure {
  return { number: () => Number.NaN, cell: () => ({ values: [], error }) };
}

/** A group's part of its parent or of everything, by a number that adds up. */
export function shareMeasure(
  amount: Measure['number'],
  of: 'parent' | 'total',
  { levels, context, format }: Pick<MeasureRequest, 'levels' | 'context' | 'format'>,
): Measure {
  const whole = (depth: number, group: number): number => {
    if (of === 'total' || depth === 0) return amount(0, 0);
    return amount(depth - 1, levels[depth]?.parents[group] ?? 0);
  };
  const share = (depth: number, group: number): number => {
    const all = whole(depth, group);
    return all === 0 ? Number.NaN : amount(depth, group) / all;
  };
  return numberMeasure(share, 'ratio', format, context);
}
