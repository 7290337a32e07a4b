import { describe, expect, test } from 'vitest';
import type { Options } from '../../definition';
import { type DateUnit, periodOf } from './bucket';

function label(unit: DateUnit, date: string, options: Options = {}, locale = 'en-GB') {
  const period = periodOf(unit, options, locale);
  return period.label(period.of(Date.parse(date) / 86_400_000));
}

describe('periods', () => {
  test.each<[DateUnit, string, Options, string, string]>([
    ['day', '2024-02-29', {}, '29 Feb 2024', '2024-02-29'],
    ['week', '2024-12-30', {}, '2025-W01', '2024-12-30'],
    ['week', '2021-01-03', {}, '2020-W53', '2020-12-28'],
    ['week', '2024-03-06', { weekStart: 'sunday' }, 'Week of 3 Mar 2024', '2024-03-03'],
    ['week', '2024-03-06', { weekStart: 'saturday' }, 'Week of 2 Mar 2024', '2024-03-02'],
    ['month', '2024-02-29', {}, 'Feb 2024', '2024-02-01'],
    ['quarter', '2024-12-31', {}, '2024 Q4', '2024-10-01'],
    ['year', '1969-12-31', {}, '1969', '1969-01-01'],
    ['fiscal year', '2024-06-30', { fiscalYearStart: 7 }, 'FY2024', '2023-07-01'],
    ['fiscal year', '2024-07-01', { fiscalYearStart: 7 }, 'FY2025', '2024-07-01'],
    ['fiscal quarter', '2024-07-01', { fiscalYearStart: 7 }, 'FY2025 Q1', '2024-07-01'],
    ['fiscal quarter', '2024-06-30', { fiscalYearStart: 7 }, 'FY2024 Q4', '2024-04-01'],
    ['fiscal quarter', '2024-01-31', { fiscalYearStart: 2 }, 'FY2024 Q4', '2023-11-01'],
    ['fiscal year', '2024-05-05', {}, 'FY2024', '2024-01-01'],
    ['quarter', '2024-05-05', { fiscalYearStart: 7 }, '2024 Q2', '2024-04-01'],
  ])('by %s, %s with %j is %s from %s', (unit, date, options, text, iso) => {
    expect(label(unit, date, options)).toEqual({ text, iso });
  });

  test('weeks begin as the locale has it where the report says so', () => {
    expect(label('week', '2024-03-06', { weekStart: 'locale' }, 'en-US').iso).toBe('2024-03-03');
    expect(label('week', '2024-03-06', { weekStart: 'locale' }, 'de-DE').iso).toBe('2024-03-04');
  });
});
