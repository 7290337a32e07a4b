import type { Group, Options } from '../../definition';
import { civilDay, daysOf, isoWeek, weekStart } from './calendar';

/** A calendar period, told by a number that grows with time. */
export interface Period {
  /** The bucket of a local day. */
  of(day: number): number;
  /** How a bucket is written, e.g. `2024-W07`; `iso` is its first day. */
  label(bucket: number): { readonly text: string; readonly iso: string };
}

export type DateUnit = Exclude<NonNullable<Group['by']>, 'value' | 'first letter' | 'range'>;

const UNITS: ReadonlySet<string> = new Set([
  'day',
  'week',
  'month',
  'quarter',
  'year',
  'fiscal quarter',
  'fiscal year',
]);

export function isDateUnit(by: string | undefined): by is DateUnit {
  return by !== undefined && UNITS.has(by);
}

/** The period of a unit by the report's options: first day of the week, first month of the fiscal year. */
export function periodOf(unit: DateUnit, options: Options, locale: string): Period {
  if (unit === 'day') return dayPeriod(locale);
  if (unit === 'week') return weekPeriod(options.weekStart ?? 'iso', locale);
  if (unit === 'month') return monthPeriod(locale);
  const fiscal = unit.startsWith('fiscal');
  const first = fiscal ? (options.fiscalYearStart ?? 1) : 1;
  return unit.endsWith('quarter') ? quarterPeriod(first, fiscal) : yearPeriod(first, fiscal);
}

function dayPeriod(locale: string): Period {
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  return { of: (day) => day, label: (day) => ({ text: format.format(day * 86_400_000), iso: isoDay(day) }) };
}

function weekPeriod(start: NonNullable<Options['weekStart']>, locale: string): Period {
  const first = start === 'iso' ? 1 : firstWeekday(start, locale);
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' });
  const text = (day: number): string => {
    if (start !== 'iso') return `Week of ${format.format(day * 86_400_000)}`;
    const { year, week } = isoWeek(day);
    return `${year}-W${String(week).padStart(2, '0')}`;
  };
  return { of: (day) => weekStart(day, first), label: (day) => ({ text: text(day), iso: isoDay(day) }) };
}

function firstWeekday(start: 'locale' | 'monday' | 'sunday' | 'saturday', locale: string): number {
  if (start !== 'locale') return { sunday: 0, monday: 1, saturday: 6 }[start];
  return localeFirstWeekday(locale);
}

interface WeekInfo {
  readonly firstDay: number;
}

/** `Intl` names Sunday 7; browsers that do not tell get Monday, as in ISO 8601. */
function localeFirstWeekday(locale: string): number {
  const known = new Intl.Locale(locale) as { getWeekInfo?: () => WeekInfo; weekInfo?: WeekInfo };
  return (known.getWeekInfo?.().firstDay ?? known.weekInfo?.firstDay ?? 1) % 7;
}

function monthPeriod(locale: string): Period {
  const format = new Intl.DateTimeFormat(locale, { month: 'short', year: 'numeric', timeZone: 'UTC' });
  const of = (day: number): number => {
    const { year, month } = civilDay(day);
    return year * 12 + month - 1;
  };
  const label = (bucket: number) => {
    const day = firstOfMonth(bucket);
    return { text: format.format(day * 86_400_000), iso: isoDay(day) };
  };
  return { of, label };
}

function quarterPeriod(first: number, fiscal: boolean): Period {
  const of = (day: number): number => {
    const { year, month } = civilDay(day);
    return Math.floor((year * 12 + month - first) / 3);
  };
  const label = (bucket: number) => {
    const start = bucket * 3 + first - 1;
    const year = nameOfYear(Math.floor((start - first + 1) / 12), first);
    const quarter = (((bucket % 4) + 4) % 4) + 1;
    return { text: `${fiscal ? `FY${year}` : year} Q${quarter}`, iso: isoDay(firstOfMonth(start)) };
  };
  return { of, label };
}

function yearPeriod(first: number, fiscal: boolean): Period {
  const of = (day: number): number => {
    const { year, month } = civilDay(day);
    return Math.floor((year * 12 + month - first) / 12);
  };
  const label = (bucket: number) => {
    const year = nameOfYear(bucket, first);
    return { text: fiscal ? `FY${year}` : String(year), iso: isoDay(firstOfMonth(bucket * 12 + first - 1)) };
  };
  return { of, label };
}

/** A fiscal year is named after the calendar year in which it ends. */
function nameOfYear(startYear: number, first: number): number {
  return first === 1 ? startYear : startYear + 1;
}

function firstOfMonth(months: number): number {
  const year = Math.floor(months / 12);
  return daysOf(year, months - year * 12 + 1, 1);
}

function isoDay(day: number): string {
  const { year, month, day: dayOfMonth } = civilDay(day);
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${String(year).padStart(4, '0')}-${pad(month)}-${pad(dayOfMonth)}`;
}
