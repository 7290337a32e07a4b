import type { Filter } from '../../definition';
import { isDate } from '../column/column';
import type { NumberColumn } from '../column/number-column';
import { readDate } from '../decode/date';
import { DAY_MS } from '../time/calendar';
import { parseDuration, shiftDay, shiftInstant } from '../time/duration';
import type { Zone } from '../time/zone';
import type { Predicate } from './filter';

/** What literals are measured against. */
export interface NumberScale {
  readonly zone: Zone;
  readonly locale: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** All that a literal stands for: a number is a point, a day goes from its first to its last millisecond. */
interface Span {
  readonly low: number;
  readonly high: number;
}

type Literal = NonNullable<Filter['values']>[number];
type Test = (value: number) => boolean;

export function matchNumbers(filter: Filter, column: NumberColumn, scale: NumberScale): Predicate {
  const values = column.values();
  if (filter.operator === 'is empty') return (row) => Number.isNaN(values[row]);
  const test = testOf(filter, column, scale);
  return (row) => test(values[row] ?? Number.NaN);
}

function testOf(filter: Filter, column: NumberColumn, scale: NumberScale): Test {
  if (filter.operator === 'in the last') return within(filter, column, scale, -1);
  if (filter.operator === 'in the next') return within(filter, column, scale, 1);
  const spans = (filter.values ?? []).map((literal) => spanOf(literal, column, scale));
  return compareSpans(filter.operator, spans);
}

function compareSpans(operator: Filter['operator'], spans: readonly Span[]): Test {
  const [first = NOWHERE, second = NOWHERE] = spans;
  switch (operator) {
    case 'less':
    case 'before':
      return (value) => value < first.low;
    case 'at most':
      return (value) => value <= first.high;
    case 'greater':
    case 'after':
      return (value) => value > first.high;
    case 'at least':
      return (value) => value >= first.low;
    case 'between':
      return (value) => value >= first.low && value <= second.high;
    case 'all of':
      return (value) => spans.every(({ low, high }) => value >= low && value <= high);
    default:
      return (value) => spans.some(({ low, high }) => value >= low && value <= high);
  }
}

/** Compares with nothing. */
const NOWHERE: Span = { low: Number.NaN, high: Number.NaN };

function spanOf(literal: Literal, column: NumberColumn, scale: NumberScale): Span {
  if (isDate(column.kind)) return dateSpan(String(literal), column, scale.zone);
  const number = column.kind === 'duration' ? seconds(literal) : Number(literal);
  return { low: number, high: number };
}

/** Durations are seconds, or ISO 8601. */
function seconds(literal: Literal): number {
  const duration = typeof literal === 'string' ? parseDuration(literal) : undefined;
  return duration ? duration.days * 86_400 + duration.milliseconds / 1000 : Number(literal);
}

function dateSpan(literal: string, column: NumberColumn, zone: Zone): Span {
  const instant = readDate(literal);
  const wholeDay = /^\d{4}-\d{2}-\d{2}$/.test(literal);
  if (column.kind === 'date') {
    const low = wholeDay ? instant : zone.day(instant) * DAY_MS;
    return { low, high: low };
  }
  if (!wholeDay) return { low: instant, high: instant };
  const day = Math.floor(instant / DAY_MS);
  return { low: zone.startOfDay(day), high: zone.startOfDay(day + 1) - 1 };
}

function within(filter: Filter, column: NumberColumn, scale: NumberScale, sign: 1 | -1): Test {
  const duration = parseDuration(String(filter.values?.[0]));
  if (!duration) return () => false;
  const { zone, now } = scale;
  const today = zone.day(now);
  const near = column.kind === 'date' ? today * DAY_MS : now;
  const far =
    column.kind === 'date'
      ? shiftDay(today, duration, sign) * DAY_MS
      : shiftInstant(now, duration, sign, zone);
  const low = Math.min(near, far);
  const high = Math.max(near, far);
  return (value) => value >= low && value <= high;
}
