import { describe, expect, test } from 'vitest';
import { DAY_MS } from './calendar';
import { parseDuration, shiftDay, shiftInstant } from './duration';
import { Zone } from './zone';

describe('ISO 8601 durations', () => {
  test.each([
    ['P7D', { months: 0, days: 7, milliseconds: 0 }],
    ['P1Y2M', { months: 14, days: 0, milliseconds: 0 }],
    ['P2W', { months: 0, days: 14, milliseconds: 0 }],
    ['PT1H30M', { months: 0, days: 0, milliseconds: 5_400_000 }],
    ['P1DT1S', { months: 0, days: 1, milliseconds: 1000 }],
  ])('%s is read', (text, duration) => {
    expect(parseDuration(text)).toEqual(duration);
  });

  test.each(['', 'P', 'PT', '7d', 'P-1D', 'P1H'])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

function shifted(day: string, text: string, sign: 1 | -1): string {
  const duration = parseDuration(text) ?? { months: 0, days: 0, milliseconds: 0 };
  return new Date(shiftDay(Date.parse(day) / DAY_MS, duration, sign) * DAY_MS).toISOString().slice(0, 10);
}

test('a day that a month lacks becomes its last', () => {
  expect(shifted('2024-03-31', 'P1M', -1)).toBe('2024-02-29');
  expect(shifted('2024-01-31', 'P1M', 1)).toBe('2024-02-29');
  expect(shifted('2024-12-15', 'P1M', 1)).toBe('2025-01-15');
  expect(shifted('2024-02-29', 'P1Y', 1)).toBe('2025-02-28');
});

test('days are those of the local calendar, whatever the clock does', () => {
  const zone = new Zone('Europe/Berlin');
  const noon = Date.parse('2024-04-01T12:00:00+02:00');
  const week = parseDuration('P7D') ?? { months: 0, days: 0, milliseconds: 0 };
  expect(new Date(shiftInstant(noon, week, -1, zone)).toISOString()).toBe('2024-03-25T11:00:00.000Z');
});
