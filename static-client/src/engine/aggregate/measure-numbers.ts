import type { Aggregate } from '../../definition';
import { isDate } from '../column/column';
import type { NumberColumn } from '../column/number-column';
import type { FieldKind, Value } from '../protocol';
import { formatNumber, type NumberKind } from '../view/format-number';

import { failedMeasure, numberMeasure, shareMeasure } from './by-number';
import { addsExactly } from './exact';
import { listed } from './listed';
import { EMPTY_CELL, type Measure, type MeasureRequest, rowsOf, sizeOf } from './measure';
import * as records from './records';
import { countDistinct, distinctInOrder, percentile } from './spread';
import { statesOf } from './states';

/** Aggregates that add up row by row. */
const RECORDS: Partial<Record<string, records.AggregateRecord>> = {
  sum: records.sum,
  average: records.average,
  minimum: records.minimum,
  maximum: records.maximum,
  range: records.range,
  'standard deviation': records.standardDeviation,
};

/** Every aggregate over numbers, durations and dates. */
export function measureNumbers(request: MeasureRequest, column: NumberColumn): Measure {
  const { aggregate } = request;
  if (typeof aggregate === 'string') return measureNamed(aggregate, request, column);
  if ('percentile' in aggregate) return measurePercentile(aggregate.percentile, request, column);
  if (isDate(column.kind)) return failedMeasure('Dates do not add up: there is no share of them.');
  const sum = streamed(records.sum, request, column);
  return shareMeasure(sum, aggregate.share, request);
}

function measureNamed(
  aggregate: Extract<Aggregate, string>,
  request: MeasureRequest,
  column: NumberColumn,
): Measure {
  const { levels, context, format } = request;
  const record = RECORDS[aggregate];
  if (record) return measureRecord(aggregate, record, request, column);
  const values = column.values();
  const within = (depth: number, group: number) =>
    Float64Array.from(rowsOf(levels[depth], group), (row) => values[row] ?? Number.NaN);
  const count = (number: Measure['number']) => numberMeasure(number, 'count', format, context);
  switch (aggregate) {
    case 'count':
      return count((depth, group) => sizeOf(levels[depth], group));
    case 'count empty': {
      const filled = streamed(records.filled, request, column);
      return count((depth, group) => sizeOf(levels[depth], group) - filled(depth, group));
    }
    case 'count distinct':
      return count((depth, group) => countDistinct(within(depth, group)));
    case 'median':
      return measurePercentile(50, request, column);
    default: {
      const show = (value: number) => formatNumber(value, column.kind, format, context);
      return measureListed(aggregate === 'first', within, show);
    }
  }
}

function measureRecord(
  aggregate: string,
  record: records.AggregateRecord,
  request: MeasureRequest,
  column: NumberColumn,
): Measure {
  if (aggregate === 'sum' && isDate(column.kind)) return failedMeasure('Dates do not add up.');
  const number = streamed(record, request, column, aggregate === 'sum');
  return numberMeasure(number, resultKind(aggregate, column.kind), request.format, request.context);
}

/** How far dates lie apart is a span of time, and so is how they scatter. */
function resultKind(aggregate: string, kind: FieldKind): NumberKind {
  const apart = aggregate === 'range' || aggregate === 'standard deviation';
  return apart && isDate(kind) ? 'span' : kind;
}

function streamed(
  record: records.AggregateRecord,
  { levels, parentRows }: MeasureRequest,
  column: NumberColumn,
  additive = record === records.sum,
): Measure['number'] {
  const simplest = simplified(record, column);
  const states = statesOf(simplest, column, levels, additive ? parentRows : undefined);
  return (depth, group) => {
    const state = states[depth];
    return state ? simplest.value(state, group * simplest.empty.length) : Number.NaN;
  };
}

function simplified(record: records.AggregateRecord, column: NumberColumn): records.AggregateRecord {
  if (record === records.sum && addsExactly(column)) return records.exactSum;
  return record === records.average && addsExactly(column) ? records.exactAverage : record;
}

function measurePercentile(percent: number, request: MeasureRequest, column: NumberColumn): Measure {
  const values = column.values();
  const number = (depth: number, group: number) => {
    const rows = rowsOf(request.levels[depth], group);
    return percentile(
      Float64Array.from(rows, (row) => values[row] ?? Number.NaN),
      percent,
    );
  };
  return numberMeasure(number, column.kind, request.format, request.context);
}

function measureListed(
  first: boolean,
  within: (depth: number, group: number) => Float64Array,
  show: (value: number) => Value,
): Measure {
  return {
    number: () => Number.NaN,
    cell(depth, group) {
      const values = distinctInOrder(within(depth, group));
      if (values.length === 0) return EMPTY_CELL;
      return listed(first ? values.slice(0, 1) : values, show);
    },
  };
}
