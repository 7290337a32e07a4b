import type { Format } from '../../definition';
import { listed } from '../aggregate/listed';
import { EMPTY_CELL, type Measure } from '../aggregate/measure';
import type { Cell, EngineContext } from '../protocol';
import { formatNumber } from '../view/format-number';
import { kindOfType } from './formula-column';
import { orTooLong } from './formulas';
import { GroupFrame, type GroupHolding } from './group-frame';
import { isEmptyAt, listAt, numberAt, textAt, type Vector } from './vector';

/** A sound formula evaluated over each group's aggregates, so that a ratio of sums is the ratio it says. */
export function measureEvaluated(
  id: string,
  holding: GroupHolding,
  format: Format | undefined,
  context: EngineContext,
): Measure {
  const vectors: (Vector | string | undefined)[] = [];
  const at = (depth: number): Vector | string | undefined => {
    const level = holding.levels[depth];
    const run = () => level && holding.formulas.run(id, new GroupFrame(depth, level, holding));
    vectors[depth] ??= orTooLong(run);
    return vectors[depth];
  };
  return {
    number(depth, group) {
      const vector = at(depth);
      return typeof vector === 'object' && vector.shape === 'numbers' ? numberAt(vector, group) : Number.NaN;
    },
    cell(depth, group) {
      const vector = at(depth);
      if (typeof vector === 'string') return { values: [], error: vector };
      if (!vector || isEmptyAt(vector, group)) return EMPTY_CELL;
      return cellOf(vector, group, (number): Cell => {
        if (holding.formulas.type(id) === 'boolean') return textCell(number === 1 ? 'Yes' : 'No');
        return { values: [formatNumber(number, kindOfType(holding.formulas.type(id)), format, context)] };
      });
    },
  };
}

function cellOf(vector: Vector, group: number, show: (number: number) => Cell): Cell {
  if (vector.shape === 'numbers') return show(numberAt(vector, group));
  if (vector.shape === 'texts') return textCell(textAt(vector, group));
  return listed(listAt(vector, group), (text) => ({ kind: 'lozenge', text }));
}

function textCell(text: string): Cell {
  return { values: [{ kind: 'text', text }] };
}
