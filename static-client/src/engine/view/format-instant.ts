import type { Format } from '../../definition';
import { isInstant } from '../decode/date';
import type { EngineContext, Value } from '../protocol';
import { DAY_MS } from '../time/calendar';
import { Zone } from '../time/zone';

type DateKind = 'date' | 'datetime';

/** A date in the reader's language and, unless it is a day, in the report's zone; relative ones carry the date. */
export function formatInstant(
  instant: number,
  kind: DateKind,
  format: Format | undefined,
  context: EngineContext,
): Value {
  if (!isInstant(instant)) return { kind: 'text', text: 'beyond the calendar' };
  const iso = new Date(instant).toISOString().slice(0, kind === 'date' ? 10 : undefined);
  const text = absolute(instant, kind, format, context);
  if (format?.style !== 'relative') return { kind: 'date', text, iso };
  return { kind: 'date', text: relative(instant, kind, context), iso, title: text };
}

function absolute(
  instant: number,
  kind: DateKind,
  format: Format | undefined,
  { locale, timeZone }: EngineContext,
): string {
  if (format?.style === 'plain') return plain(instant, kind, timeZone);
  const withTime = kind === 'datetime' && format?.style !== 'date';
  return dateFormat(locale, kind === 'date' ? 'UTC' : timeZone, withTime).format(instant);
}

/** `2024-05-01`, `2024-05-01 10:00`: in order as texts. */
function plain(instant: number, kind: DateKind, timeZone: string): string {
  if (kind === 'date') return new Date(instant).toISOString().slice(0, 10);
  const local = instant + zoneOf(timeZone).offset(instant);
  return isInstant(local) ? new Date(local).toISOString().slice(0, 16).replace('T', ' ') : '';
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Days are those of the report's zone, so that `yesterday` is what the calendar says. */
function relative(instant: number, kind: DateKind, context: EngineContext): string {
  const now = context.now ?? Date.now();
  const zone = zoneOf(context.timeZone);
  const told = relativeFormat(context.locale);
  const apart = instant - now;
  if (kind === 'datetime' && Math.abs(apart) < DAY_MS) {
    if (Math.abs(apart) < MINUTE_MS) return told.format(0, 'second');
    const minutes = Math.trunc(apart / MINUTE_MS);
    return Math.abs(apart) < HOUR_MS
      ? told.format(minutes, 'minute')
      : told.format(Math.trunc(apart / HOUR_MS), 'hour');
  }
  const day = kind === 'date' ? Math.floor(instant / DAY_MS) : zone.day(instant);
  return inDays(day - zone.day(now), told);
}

const LONGER = [
  ['year', 365.25],
  ['month', 30.4375],
  ['week', 7],
] as const;

function inDays(days: number, told: Intl.RelativeTimeFormat): string {
  const longer = LONGER.find(([, length]) => Math.abs(days) >= length);
  return longer ? told.format(Math.trunc(days / longer[1]), longer[0]) : told.format(days, 'day');
}

const zones = new Map<string, Zone>();
const dateFormats = new Map<string, Intl.DateTimeFormat>();
const relativeFormats = new Map<string, Intl.RelativeTimeFormat>();

/** Formats are costly to make and few. */
function kept<T>(made: Map<string, T>, key: string, make: () => T): T {
  const known = made.get(key) ?? make();
  made.set(key, known);
  return known;
}

function zoneOf(name: string): Zone {
  return kept(zones, name, () => new Zone(name));
}

function relativeFormat(locale: string): Intl.RelativeTimeFormat {
  return kept(relativeFormats, locale, () => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }));
}

function dateFormat(locale: string, timeZone: string, withTime: boolean): Intl.DateTimeFormat {
  return kept(dateFormats, `${locale} ${timeZone} ${withTime}`, () => {
    const time = withTime ? { timeStyle: 'short' as const } : {};
    return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone, ...time });
  });
}
