import { civilDay, DAY_MS, daysOf, isoWeek, weekday, weekStart } from '../../time/calendar';
import { asNumbers } from '../convert';
import { type Numbers, numberAt, numbersFrom } from '../vector';
import type { CallMaker } from './call';
import { daysOfPart } from './dates';

/** Parts of a date, and the days at which its periods begin and end. */
export const periodCalls: Readonly<Record<string, CallMaker>> = {
  year: ofDay('number', (day) => civilDay(day).year),
  quarter: ofDay('number', (day) => Math.ceil(civilDay(day).month / 3)),
  month: ofDay('number', (day) => civilDay(day).month),
  week: ofDay('number', (day) => isoWeek(day).week),
  weekday: ofDay('number', (day) => ((weekday(day) + 6) % 7) + 1),
  day: ofDay('number', (day) => civilDay(day).day),
  hour: ([date]) => ({
    type: 'number',
    run: (frame) => {
      const { zone } = frame.setting;
      const moments = date ? asNumbers(date, date.type)(frame) : NONE;
      return numbersFrom([moments], frame.size, (row) => {
        const moment = numberAt(moments, row);
        if (date?.type !== 'datetime' || Number.isNaN(moment)) return Number.NaN;
        const local = moment + zone.offset(moment);
        return Math.floor((local - Math.floor(local / DAY_MS) * DAY_MS) / 3_600_000);
      });
    },
  }),
  start_of_week: ofDay('date', (day) => weekStart(day, 1) * DAY_MS),
  start_of_month: ofDay('date', (day) => monthStart(day, 1, 0)),
  start_of_quarter: ofDay('date', (day) => monthStart(day, 3, 0)),
  start_of_year: ofDay('date', (day) => monthStart(day, 12, 0)),
  end_of_month: ofDay('date', (day) => monthStart(day, 1, 1) - DAY_MS),
};

const NONE: Numbers = { shape: 'numbers', values: Float64Array.of(Number.NaN), step: 0 };

function ofDay(type: 'number' | 'date', compute: (day: number) => number): CallMaker {
  return ([date]) => {
    const run = daysOfPart(date);
    return {
      type,
      run: (frame) => {
        const days = run(frame);
        return numbersFrom([days], frame.size, (row) => {
          const day = numberAt(days, row);
          return Number.isNaN(day) ? day : compute(day);
        });
      },
    };
  };
}

/** The first moment of the period of so many months that holds a day, or of one some periods later. */
function monthStart(day: number, length: number, later: number): number {
  const { year, month } = civilDay(day);
  const months = year * 12 + (Math.floor((month - 1) / length) + later) * length;
  const startYear = Math.floor(months / 12);
  return daysOf(startYear, months - startYear * 12 + 1, 1) * DAY_MS;
}
