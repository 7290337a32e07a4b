import type { Format } from '../../definition';
import type { EngineContext, FieldKind, Value } from '../protocol';
import { DAY_MS } from '../time/calendar';
import { formatDuration } from './format-duration';
import { formatInstant } from './format-instant';

/** What a number of a field means where an aggregate changes it: a range of dates is a span of time. */
export type NumberKind = FieldKind | 'span' | 'ratio' | 'count';

/**
 * A number of a kind as a person reads it. A style that does not fit the kind gives way to the usual one:
 * numbers grouped with two digits at most, durations in Jira's hours a day, dates in the report's zone.
 */
export function formatNumber(
  number: number,
  kind: NumberKind,
  format: Format | undefined,
  context: EngineContext,
): Value {
  switch (kind) {
    case 'date':
    case 'datetime':
      return formatInstant(number, kind, format, context);
    case 'duration':
      return formatSeconds(number, format, context);
    case 'span':
      return formatSpan(number, format, context);
    case 'progress':
      return formatShare(number / 100, 100, 0, format, context);
    case 'ratio':
      return formatShare(number, 1, 1, format, context);
    case 'count':
      return decimal(number, format?.style === 'plain' ? format : undefined, context);
    default:
      return formatPlain(number, format, context);
  }
}

/** A number of no unit: as percent it is a part of one, as duration seconds, as hours hours. */
function formatPlain(number: number, format: Format | undefined, context: EngineContext): Value {
  switch (format?.style) {
    case 'percent':
      return formatShare(number, 1, 1, format, context);
    case 'duration':
      return formatSeconds(number, format, context);
    case 'hours':
      return withUnit(number, 'h', format.digits, context, 2);
    default:
      return decimal(number, format, context);
  }
}

/** A part of one, in percent; as a number it is told in the field's own `scale`. */
function formatShare(
  share: number,
  scale: number,
  usual: number,
  format: Format | undefined,
  context: EngineContext,
): Value {
  const style = format?.style;
  if (style === 'plain' || style === 'decimal') return decimal(share * scale, format, context);
  const digits = format?.digits;
  const text = numberFormat(context.locale, 'percent', digits ?? usual, digits !== undefined).format(share);
  return { kind: 'number', number: share * scale, text };
}

function formatSeconds(seconds: number, format: Format | undefined, context: EngineContext): Value {
  switch (format?.style) {
    case 'hours':
      return withUnit(seconds / 3600, 'h', format.digits, context, 2);
    case 'decimal':
      return decimal(seconds / 3600, format, context);
    case 'plain':
      return decimal(seconds, format, context);
    default:
      return { kind: 'duration', seconds, text: formatDuration(seconds, context) };
  }
}

/** Milliseconds between two dates, on the clock and not in working time: in days of 24 hours. */
function formatSpan(milliseconds: number, format: Format | undefined, context: EngineContext): Value {
  const days = milliseconds / DAY_MS;
  switch (format?.style) {
    case 'hours':
      return withUnit(days * 24, 'h', format.digits, context, 2);
    case 'duration':
      return {
        kind: 'duration',
        seconds: milliseconds / 1000,
        text: formatDuration(milliseconds / 1000, CLOCK),
      };
    case 'plain':
    case 'decimal':
      return decimal(days, format, context);
    default:
      return withUnit(days, 'd', format?.digits, context, 1);
  }
}

const CLOCK = { hoursPerDay: 24, daysPerWeek: 7 };

/** Fifteen digits are what a double holds for sure: more would show the noise of binary fractions. */
function decimal(number: number, format: Format | undefined, context: EngineContext): Value {
  const digits = format?.digits;
  if (format?.style === 'plain') {
    const text = digits === undefined ? String(Number(number.toPrecision(15))) : number.toFixed(digits);
    return { kind: 'number', number, text };
  }
  const text = numberFormat(context.locale, 'decimal', digits ?? 2, digits !== undefined).format(number);
  return { kind: 'number', number, text };
}

function withUnit(
  number: number,
  unit: string,
  digits: number | undefined,
  { locale }: EngineContext,
  usual: number,
): Value {
  const text = numberFormat(locale, 'decimal', digits ?? usual, digits !== undefined).format(number);
  return { kind: 'number', number, text: `${text} ${unit}` };
}

const numberFormats = new Map<string, Intl.NumberFormat>();

/** Formats are costly to make and few. */
function numberFormat(
  locale: string,
  style: 'decimal' | 'percent',
  digits: number,
  fixed: boolean,
): Intl.NumberFormat {
  const key = `${locale} ${style} ${digits} ${fixed}`;
  const known = numberFormats.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(locale, {
    style,
    maximumFractionDigits: digits,
    minimumFractionDigits: fixed ? digits : 0,
  });
  numberFormats.set(key, made);
  return made;
}
