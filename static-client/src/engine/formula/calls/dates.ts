import { civilDay, DAY_MS, daysOf, weekday } from '../../time/calendar';
import { shiftDay, shiftInstant } from '../../time/duration';
import type { Zone } from '../../time/zone';
import { asNumbers, asTexts, dayOf } from '../convert';
import type { Compiled, Frame } from '../frame';
import type { Type } from '../functions';
import { byCode } from '../text-order';
import { constantNumber, NO_NUMBER, type Numbers, numberAt, numbersFrom } from '../vector';
import { type CallMaker, ofFilled, ofNumbers } from './call';

/** Years 1 to 9999; what lies beyond is no date that can be shown. */
const FIRST = -62_135_596_800_000;
const LAST = 253_402_300_799_999;

export const dateCalls: Readonly<Record<string, CallMaker>> = {
  today: () => ({
    type: 'date',
    run: ({ setting }) => constantNumber(setting.zone.day(setting.now) * DAY_MS),
  }),
  now: () => ({ type: 'datetime', run: ({ setting }) => constantNumber(setting.now) }),
  date: ([value]) => ({ type: 'date', run: value ? dateOf(value) : () => NO_NUMBER }),
  make_date: (given) => ({
    type: 'date',
    run: ofNumbers((year, month = Number.NaN, day = Number.NaN) => dayNumber(year, month, day) * DAY_MS)(
      given,
    ).run,
  }),
  days_between: between((from, to) => to - from),
  working_days_between: between((from, to) => workingDays(to) - workingDays(from)),
  hours_between: ([from, to]) => {
    const runs = [from, to].map((part) => (part ? asNumbers(part, 'datetime') : () => NO_NUMBER));
    return {
      type: 'number',
      run: (frame) => {
        const [start = NO_NUMBER, end = NO_NUMBER] = runs.map((run) => run(frame));
        const hours = (row: number) => (numberAt(end, row) - numberAt(start, row)) / 3_600_000;
        return numbersFrom([start, end], frame.size, hours);
      },
    };
  },
  add_days: shifted((days) => ({ months: 0, days })),
  add_months: shifted((months) => ({ months, days: 0 })),
  add_working_days: later((date, days, type, zone) => {
    const day = dayOf(date, type, zone);
    const moved = shiftWorkingDays(day, days) - day;
    return shift(date, { months: 0, days: moved }, type, zone);
  }),
  earliest: ofFilled((dates) => Math.min(...dates), true),
  latest: ofFilled((dates) => Math.max(...dates), true),
};

/** A date that can be shown, or empty. */
function shown(date: number): number {
  return date >= FIRST && date <= LAST ? date : Number.NaN;
}

function dateOf(value: Compiled): (frame: Frame) => Numbers {
  if (value.type === 'text') {
    const run = asTexts(value);
    return (frame) => byCode(run(frame), frame, readDay);
  }
  if (value.type === 'date') return asNumbers(value, 'date');
  if (value.type !== 'datetime') return () => NO_NUMBER;
  const run = asNumbers(value, 'datetime');
  return (frame) => {
    const moments = run(frame);
    const { zone } = frame.setting;
    return numbersFrom([moments], frame.size, (row) => {
      return dayOf(numberAt(moments, row), 'datetime', zone) * DAY_MS;
    });
  };
}

function readDay(text: string): number {
  const match = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text.trim());
  return match ? dayNumber(Number(match[1]), Number(match[2]), Number(match[3])) * DAY_MS : Number.NaN;
}

/** NaN where there is no such day. */
function dayNumber(year: number, month: number, day: number): number {
  const days = daysOf(year, month, day);
  if (!Number.isFinite(days) || Number.isNaN(shown(days * DAY_MS))) return Number.NaN;
  const found = civilDay(days);
  return found.year === year && found.month === month && found.day === day ? days : Number.NaN;
}

/** What lies between the days of two dates. */
function between(compute: (from: number, to: number) => number): CallMaker {
  return ([from, to]) => {
    const start = daysOfPart(from);
    const end = daysOfPart(to);
    return {
      type: 'number',
      run: (frame) => {
        const first = start(frame);
        const last = end(frame);
        return numbersFrom([first, last], frame.size, (row) =>
          compute(numberAt(first, row), numberAt(last, row)),
        );
      },
    };
  };
}

/** The local days of a part's dates, counted from 1970-01-01. */
export function daysOfPart(part: Compiled | undefined): (frame: Frame) => Numbers {
  if (!part || part.type === 'any') return () => NO_NUMBER;
  const run = asNumbers(part, part.type);
  return (frame) => {
    const dates = run(frame);
    const { zone } = frame.setting;
    return numbersFrom([dates], frame.size, (row) => dayOf(numberAt(dates, row), part.type, zone));
  };
}

/** How many days from Monday to Friday lie between 1970-01-05, a Monday, and the end of a day. */
function workingDays(day: number): number {
  const since = day - 3;
  const weeks = Math.floor(since / 7);
  return weeks * 5 + Math.min(5, since - weeks * 7);
}

/** The working day that is so many working days later. */
function shiftWorkingDays(day: number, count: number): number {
  const steps = Math.trunc(count);
  if (steps === 0) return day;
  const weekend = Math.max(0, ((weekday(day) + 6) % 7) - 4);
  // From a weekend one counts on from its Friday, and back from its Monday.
  const start = steps > 0 ? day - weekend : day + (weekend > 0 ? 3 - weekend : 0);
  const place = (weekday(start) + 6) % 7;
  const weeks = Math.floor((place + steps) / 5);
  return start - place + weeks * 7 + (place + steps - weeks * 5);
}

type Later = (date: number, count: number, type: Type, zone: Zone) => number;

function later(compute: Later): CallMaker {
  return ([date, count]) => {
    const type = date?.type === 'datetime' ? 'datetime' : 'date';
    const dates = date ? asNumbers(date, type) : () => NO_NUMBER;
    const counts = count ? asNumbers(count) : () => NO_NUMBER;
    return {
      type,
      run: (frame) => {
        const from = dates(frame);
        const by = counts(frame);
        return numbersFrom([from, by], frame.size, (row) => {
          const steps = Math.trunc(numberAt(by, row));
          // Further than any date; the arithmetic of days stays exact.
          if (!(Math.abs(steps) < 4_000_000)) return Number.NaN;
          const moved = compute(numberAt(from, row), steps, type, frame.setting.zone);
          return shown(moved);
        });
      },
    };
  };
}

function shifted(by: (count: number) => { readonly months: number; readonly days: number }): CallMaker {
  return later((date, count, type, zone) => shift(date, by(count), type, zone));
}

/** A day shifts by the calendar; a moment keeps its time of day. */
function shift(
  date: number,
  { months, days }: { readonly months: number; readonly days: number },
  type: Type,
  zone: Zone,
): number {
  const duration = { months, days, milliseconds: 0 };
  if (Number.isNaN(date)) return date;
  if (type === 'date') return shiftDay(Math.floor(date / DAY_MS), duration, 1) * DAY_MS;
  const far = date + (Math.abs(months) * 31 + Math.abs(days)) * DAY_MS;
  return far > LAST * 2 ? Number.NaN : shiftInstant(date, duration, 1, zone);
}
