import { civilDay, DAY_MS } from '../time/calendar';
import type { Zone } from '../time/zone';
import { asLists, asNumbers, asTexts } from './convert';
import type { Compiled, Frame } from './frame';
import { listAt, NO_TEXT, numberAt, textsFrom } from './vector';

/** Digits of a number that are told: the rest is what binary fractions leave over. */
const DIGITS = 15;

/** A part's values as texts: numbers with a point, days as 2026-01-31, moments with their minute. */
export function written(part: Compiled): Compiled['run'] {
  if (part.type === 'text') return asTexts(part);
  if (part.type === 'any') return () => NO_TEXT;
  if (part.type === 'list') {
    const run = asLists(part);
    return (frame) => {
      const lists = run(frame);
      return textsFrom([lists], frame.size, (row) => listAt(lists, row).join(', '));
    };
  }
  const run = asNumbers(part, part.type);
  const write = WRITERS[part.type];
  return (frame: Frame) => {
    const numbers = run(frame);
    return textsFrom([numbers], frame.size, (row) => {
      const value = numberAt(numbers, row);
      return Number.isNaN(value) ? '' : write(value, frame.setting.zone);
    });
  };
}

const WRITERS: Readonly<
  Record<'number' | 'boolean' | 'date' | 'datetime', (value: number, zone: Zone) => string>
> = {
  number: (value) => String(Number(value.toPrecision(DIGITS))),
  boolean: (value) => (value === 1 ? 'Yes' : 'No'),
  date: (value) => writtenDay(Math.floor(value / DAY_MS)),
  datetime: (value, zone) => {
    const local = value + zone.offset(value);
    const day = Math.floor(local / DAY_MS);
    const minutes = Math.floor((local - day * DAY_MS) / 60_000);
    return `${writtenDay(day)} ${padded(Math.floor(minutes / 60), 2)}:${padded(minutes % 60, 2)}`;
  },
};

function writtenDay(days: number): string {
  const { year, month, day } = civilDay(days);
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}`;
}

function padded(number: number, length: number): string {
  return String(number).padStart(length, '0');
}
