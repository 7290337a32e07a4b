import { DAY_MS } from '../time/calendar';
import type { Zone } from '../time/zone';
import type { Compiled, Frame } from './frame';
import type { Type } from './functions';
import {
  type Lists,
  NO_LIST,
  NO_NUMBER,
  NO_TEXT,
  type Numbers,
  numbersFrom,
  type Texts,
  type Vector,
} from './vector';

/**
 * The values of a part as those of another type: an empty constant fits everywhere, a day begins a date and time.
 * The check of types has made sure that nothing else occurs.
 */
export function convert({ type, run }: Compiled, to: Type): (frame: Frame) => Vector {
  if (type === 'any') return () => emptyOf(to);
  if (type === 'date' && to === 'datetime') return (frame) => startsOfDays(run(frame) as Numbers, frame);
  return run;
}

export function asNumbers(part: Compiled, to: Type = 'number'): (frame: Frame) => Numbers {
  return convert(part, to) as (frame: Frame) => Numbers;
}

export function asTexts(part: Compiled): (frame: Frame) => Texts {
  return convert(part, 'text') as (frame: Frame) => Texts;
}

export function asLists(part: Compiled): (frame: Frame) => Lists {
  return convert(part, 'list') as (frame: Frame) => Lists;
}

function emptyOf(type: Type): Vector {
  if (type === 'list') return NO_LIST;
  return type === 'text' ? NO_TEXT : NO_NUMBER;
}

/** The first moment of each date, in the report's zone; zones are asked once a day. */
function startsOfDays(dates: Numbers, { size, setting }: Frame): Numbers {
  const known = new Map<number, number>();
  return numbersFrom([dates], size, (row) => {
    const date = dates.values[row] as number;
    if (Number.isNaN(date)) return date;
    const start = known.get(date) ?? setting.zone.startOfDay(date / DAY_MS);
    known.set(date, start);
    return start;
  });
}

/** The local day of an instant, or the day that a date is, counted from 1970-01-01; NaN of none. */
export function dayOf(instant: number, type: Type, zone: Zone): number {
  if (Number.isNaN(instant)) return instant;
  return type === 'datetime' ? zone.day(instant) : Math.floor(instant / DAY_MS);
}
