import { civilDay, DAY_MS, daysOf } from './calendar';
import type { Zone } from './zone';

/** An ISO 8601 duration: calendar months and days, and exact milliseconds. */
export interface Duration {
  readonly months: number;
  readonly days: number;
  readonly milliseconds: number;
}

const DURATION = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/** `undefined` for what is no duration, `P` and `PT` included. */
export function parseDuration(text: string): Duration | undefined {
  const match = DURATION.exec(text);
  if (!match || !/\d/.test(text)) return undefined;
  const [years, months, weeks, days, hours, minutes, seconds] = match
    .slice(1)
    .map((part) => Number(part ?? 0)) as [number, number, number, number, number, number, number];
  return {
    months: years * 12 + months,
    days: weeks * 7 + days,
    milliseconds: ((hours * 60 + minutes) * 60 + seconds) * 1000,
  };
}

/** The day a duration later (`sign` 1) or earlier (-1); a day that a month lacks becomes its last. */
export function shiftDay(day: number, duration: Duration, sign: 1 | -1): number {
  const { year, month, day: dayOfMonth } = civilDay(day);
  const months = year * 12 + month - 1 + sign * duration.months;
  const shiftedYear = Math.floor(months / 12);
  const shiftedMonth = months - shiftedYear * 12 + 1;
  const length = daysInMonth(shiftedYear, shiftedMonth);
  return daysOf(shiftedYear, shiftedMonth, Math.min(dayOfMonth, length)) + sign * duration.days;
}

/** The instant a duration later or earlier: days and months by the local calendar, the rest exactly. */
export function shiftInstant(instant: number, duration: Duration, sign: 1 | -1, zone: Zone): number {
  const local = instant + zone.offset(instant);
  const day = Math.floor(local / DAY_MS);
  const shifted = shiftDay(day, duration, sign) * DAY_MS + (local - day * DAY_MS);
  const guess = shifted - zone.offset(instant);
  return shifted - zone.offset(guess) + sign * duration.milliseconds;
}

function daysInMonth(year: number, month: number): number {
  const next = month === 12 ? daysOf(year + 1, 1, 1) : daysOf(year, month + 1, 1);
  return next - daysOf(year, month, 1);
}
