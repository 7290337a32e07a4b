import type { Format } from '../../definition';
import type { EngineContext, FieldKind, Value } from '../protocol';
import { DAY_MS } from '../time/calendar';
import { formatDuration } from './format-duration';

/** What a number of a field means where an aggregate changes it: a range of dates is a span of time. */
export type NumberKind = FieldKind | 'span' | 'ratio';

/** A number of a kind as a person reads it: counts as they are, durations in Jira's hours a day. */
export function formatNumber(
  number: number,
  kind: NumberKind,
  format: Format | undefined,
  context: EngineContext,
): Value {
  if (kind === 'date' || kind === 'datetime') return formatInstant(number, kind, format, context);
  if (kind === 'duration') return formatSeconds(number, format, context);
  if (kind === 'span') return days(number, format, context);
  return plainNumber(number, kind, format, context);
}

function plainNumber(
  number: number,
  kind: NumberKind,
  format: Format | undefined,
  context: EngineContext,
): Value {
  const { locale } = context;
  const digits = format?.digits;
  if (kind === 'ratio' || format?.style === 'percent') {
    const scaled = kind === 'progress' ? number / 100 : number;
    return { kind: 'number', number, text: numberFormat(locale, 'percent', digits ?? 1).format(scaled) };
  }
  if (kind === 'progress') {
    return {
      kind: 'number',
      number,
      text: numberFormat(locale, 'percent', digits ?? 0).format(number / 100),
    };
  }
  if (format?.style === 'hours') return hours(number, format, locale);
  if (format?.style === 'duration') return formatSeconds(number, format, context);
  if (format?.style === 'plain') return { kind: 'number', number, text: String(number) };
  const text = numberFormat(locale, 'decimal', digits ?? 2, digits !== undefined).format(number);
  return { kind: 'number', number, text };
}

function formatSeconds(seconds: number, format: Format | undefined, context: EngineContext): Value {
  const style = format?.style;
  if (style === 'hours') return hours(seconds / 3600, format, context.locale);
  if (style === 'plain') return { kind: 'number', number: seconds, text: String(seconds) };
  if (style === 'decimal') {
    const text = numberFormat(context.locale, 'decimal', format?.digits ?? 2).format(seconds / 3600);
    return { kind: 'number', number: seconds / 3600, text };
  }
  return { kind: 'duration', seconds, text: formatDuration(seconds, context) };
}

function hours(number: number, format: Format | undefined, locale: string): Value {
  const text = numberFormat(locale, 'decimal', format?.digits ?? 2, format?.digits !== undefined).format(
    number,
  );
  return { kind: 'number', number, text: `${text} h` };
}

/** Milliseconds between two dates, told in days. */
function days(milliseconds: number, format: Format | undefined, context: EngineContext): Value {
  const number = milliseconds / DAY_MS;
  const text = numberFormat(context.locale, 'decimal', format?.digits ?? 1).format(number);
  return { kind: 'number', number, text: `${text} d` };
}

function formatInstant(
  instant: number,
  kind: 'date' | 'datetime',
  format: Format | undefined,
  context: EngineContext,
): Value {
  const timeZone = kind === 'date' ? 'UTC' : context.timeZone;
  const withTime = format?.style === 'time' || (kind === 'datetime' && format?.style !== 'date');
  const iso = new Date(instant).toISOString();
  const text = dateFormat(context.locale, timeZone, withTime).format(instant);
  return { kind: 'date', text, iso: kind === 'date' ? iso.slice(0, 10) : iso };
}

const numberFormats = new Map<string, Intl.NumberFormat>();
const dateFormats = new Map<string, Intl.DateTimeFormat>();

/** Formats are costly to make and few. */
function numberFormat(
  locale: string,
  style: 'decimal' | 'percent',
  digits: number,
  fixed = false,
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

function dateFormat(locale: string, timeZone: string, withTime: boolean): Intl.DateTimeFormat {
  const key = `${locale} ${timeZone} ${withTime}`;
  const known = dateFormats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeZone,
    ...(withTime ? { timeStyle: 'short' as const } : {}),
  });
  dateFormats.set(key, made);
  return made;
}
