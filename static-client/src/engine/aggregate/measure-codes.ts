import type { Aggregate } from '../../definition';
import type { CodeColumn } from '../column/code-column';
import type { Level } from '../group/level';
import { type Ranks, rankDictionary } from '../order/rank';
import { accumulate } from './accumulate';
import { failedMeasure, numberMeasure, shareMeasure } from './by-number';
import { listed } from './listed';
import { EMPTY_CELL, type Measure, type MeasureRequest, rowsOf, sizeOf } from './measure';
import { filled } from './records';

/** Every aggregate over values with a name; they count, compare by their order, and do not add up. */
export function measureCodes(request: MeasureRequest, column: CodeColumn): Measure {
  const { aggregate, levels } = request;
  if (typeof aggregate === 'string') return measureNamed(aggregate, request, column);
  if ('percentile' in aggregate) return failedMeasure('A percentile needs numbers or dates.');
  return shareMeasure((depth, group) => sizeOf(levels[depth], group), aggregate.share, request);
}

function measureNamed(
  aggregate: Extract<Aggregate, string>,
  request: MeasureRequest,
  column: CodeColumn,
): Measure {
  const { levels, context, format } = request;
  const count = (number: Measure['number']) => numberMeasure(number, 'count', format, context);
  switch (aggregate) {
    case 'count':
      return count((depth, group) => sizeOf(levels[depth], group));
    case 'count empty':
      return count(emptyCounter(column, levels));
    case 'count distinct':
    case 'minimum':
    case 'maximum':
    case 'first':
    case 'list':
      return measureRanks(aggregate, request, column);
    default:
      return failedMeasure(`${aggregate[0]?.toUpperCase()}${aggregate.slice(1)} needs numbers.`);
  }
}

function emptyCounter(column: CodeColumn, levels: readonly Level[]): Measure['number'] {
  const codes = column.codes();
  const offsets = column.offsets();
  const empties = new Float64Array(column.length);
  for (let row = 0; row < empties.length; row++) {
    const code = codes[offsets ? (offsets[row] ?? 0) : row];
    empties[row] = code === 0 ? 1 : Number.NaN;
  }
  const states = accumulate(filled, empties, levels);
  return (depth, group) => states[depth]?.[group] ?? 0;
}

function measureRanks(
  aggregate: 'count distinct' | 'minimum' | 'maximum' | 'first' | 'list',
  { levels, context, format }: MeasureRequest,
  column: CodeColumn,
): Measure {
  const ranks = rankDictionary(column.dictionary, context.locale);
  const within = (depth: number, group: number) => ranksOf(column, ranks, rowsOf(levels[depth], group));
  if (aggregate === 'count distinct') {
    return numberMeasure((depth, group) => within(depth, group).size, 'count', format, context);
  }
  const show = (rank: number) => column.dictionary.value(ranks.codes[rank] ?? 0);
  if (aggregate === 'first' || aggregate === 'list') {
    const cell: Measure['cell'] = (depth, group) => {
      const values = [...within(depth, group)];
      return listed(aggregate === 'first' ? values.slice(0, 1) : values, show);
    };
    return { number: () => Number.NaN, cell };
  }
  return extreme(aggregate, within, show);
}

/** The distinct ranks of rows, in order of appearance. */
function ranksOf(column: CodeColumn, ranks: Ranks, rows: Int32Array): ReadonlySet<number> {
  const codes = column.codes();
  const offsets = column.offsets();
  const found = new Set<number>();
  for (const row of rows) {
    const end = offsets ? (offsets[row + 1] ?? 0) : row + 1;
    for (let at = offsets ? (offsets[row] ?? 0) : row; at < end; at++) {
      found.add(ranks.of[codes[at] ?? 0] ?? 0);
    }
  }
  found.delete(0);
  return found;
}

function extreme(
  aggregate: 'minimum' | 'maximum',
  within: (depth: number, group: number) => ReadonlySet<number>,
  show: Parameters<typeof listed<number>>[1],
): Measure {
  const number: Measure['number'] = (depth, group) => {
    let best = Number.NaN;
    for (const rank of within(depth, group)) {
      if (Number.isNaN(best) || (aggregate === 'minimum' ? rank < best : rank > best)) best = rank;
    }
    return best;
  };
  return {
    number,
    cell(depth, group) {
      const rank = number(depth, group);
      return Number.isNaN(rank) ? EMPTY_CELL : { values: [show(rank)] };
    },
  };
}
