import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Zone } from './zone';

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/St_Johns',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'America/Sao_Paulo',
  'Africa/Casablanca',
  'Pacific/Apia',
  'Asia/Gaza',
];

const instants = fc.integer({ min: Date.UTC(1995, 0, 1), max: Date.UTC(2035, 0, 1) });

describe.each(ZONES)('%s', (name) => {
  const zone = new Zone(name);
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: name,
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  const local = (instant: number) =>
    new Date(instant + zone.offset(instant)).toISOString().slice(0, 19).replace('T', ' ');

  test('has the local time of Intl at any instant', () => {
    fc.assert(
      fc.property(instants, (instant) => {
        expect(local(instant)).toBe(format.format(instant));
      }),
      { numRuns: 400 },
    );
  });

  test('has it around every change of the clock', () => {
    for (let hour = Date.UTC(2011, 0, 1); hour < Date.UTC(2012, 0, 2); hour += 3_600_000) {
      for (const instant of [hour - 1, hour]) expect(local(instant)).toBe(format.format(instant));
    }
  });

  test('begins each day at its first instant', () => {
    const property = fc.property(instants, (instant) => {
      const day = zone.day(instant);
      const start = zone.startOfDay(day);
      expect(zone.day(start)).toBe(day);
      expect(zone.day(start - 1)).toBeLessThan(day);
    });
    fc.assert(property, { numRuns: 100 });
  });
});

test('a day may begin at one o’clock, where the clock skips midnight', () => {
  const zone = new Zone('America/Sao_Paulo');
  const start = zone.startOfDay(Date.UTC(2018, 10, 4) / 86_400_000);
  expect(new Date(start).toISOString()).toBe('2018-11-04T03:00:00.000Z');
  expect(zone.offset(start)).toBe(-2 * 3_600_000);
});

test('a zone that nobody knows is refused', () => {
  expect(() => new Zone('Middle/Earth')).toThrow(RangeError);
});

test('asking for many rows costs Intl little', () => {
  const asked = { count: 0 };
  const original = Intl.DateTimeFormat.prototype.formatToParts;
  Intl.DateTimeFormat.prototype.formatToParts = function (...args) {
    asked.count++;
    return original.apply(this, args);
  };
  try {
    const zone = new Zone('Europe/Berlin');
    for (let row = 0; row < 100_000; row++)
      zone.day(Date.UTC(2020, 0, 1) + ((row * 7919) % 365) * 86_400_000);
    expect(asked.count).toBeLessThan(300);
  } finally {
    Intl.DateTimeFormat.prototype.formatToParts = original;
  }
});
