import { asLists, asNumbers, asTexts } from '../convert';
import type { Compiled, Frame } from '../frame';
import { finite } from '../operators';
import { byCode } from '../text-order';
import { NO_NUMBER, numberAt, numbersFrom } from '../vector';
import { type CallMaker, ofFilled, ofNumbers } from './call';

/** Keeps 1.005 a half, whatever binary fractions make of it. */
const ALMOST = 1 + Number.EPSILON;

/** Texts that are numbers; each can be matched in one way only. */
const WRITTEN = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?$/;

export const numberCalls: Readonly<Record<string, CallMaker>> = {
  abs: ofNumbers((number) => Math.abs(number)),
  sign: ofNumbers((number) => finite(Math.sign(number))),
  round: ofNumbers((number, digits = 0) => rounded(number, digits)),
  floor: ofNumbers((number) => finite(Math.floor(number))),
  ceiling: ofNumbers((number) => finite(Math.ceil(number))),
  sqrt: ofNumbers((number) => finite(Math.sqrt(number))),
  power: ofNumbers((number, exponent = Number.NaN) => finite(number ** exponent)),
  log: ofNumbers((number) => finite(Math.log(number))),
  min: ofFilled((numbers) => Math.min(...numbers)),
  max: ofFilled((numbers) => Math.max(...numbers)),
  sum: ofFilled((numbers) => finite(sumOf(numbers))),
  average: ofFilled((numbers) => finite(sumOf(numbers) / numbers.length)),
  hours: ofNumbers((seconds) => seconds / 3600),
  days: ([seconds]) => ({
    type: 'number',
    run: (frame) => workingDays(frame, seconds),
  }),
  number: ([value]) => ({ type: 'number', run: value ? numberOf(value) : () => NO_NUMBER }),
};

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

/** Halves away from zero; beyond 15 digits nothing is left to round. */
function rounded(number: number, digits: number): number {
  const places = Math.max(-300, Math.min(15, Math.trunc(digits)));
  const scale = 10 ** Math.abs(places);
  const scaled = places < 0 ? number / scale : number * scale;
  // Numbers this large have no decimal places.
  if (Math.abs(scaled) > Number.MAX_SAFE_INTEGER) return number;
  const whole = Math.sign(number) * Math.round(Math.abs(scaled) * ALMOST);
  return finite(places < 0 ? whole * scale : whole / scale);
}

function workingDays(frame: Frame, seconds: Compiled | undefined) {
  const numbers = seconds ? asNumbers(seconds)(frame) : NO_NUMBER;
  const day = frame.setting.context.hoursPerDay * 3600;
  return numbersFrom([numbers], frame.size, (row) => finite(numberAt(numbers, row) / day));
}

function numberOf(value: Compiled): Compiled['run'] {
  switch (value.type) {
    case 'number':
    case 'boolean':
      return asNumbers(value, value.type);
    case 'text': {
      const run = asTexts(value);
      return (frame) => byCode(run(frame), frame, readNumber);
    }
    case 'list': {
      const run = asLists(value);
      return (frame) => numbersFrom([run(frame)], frame.size, () => Number.NaN);
    }
    default:
      return () => NO_NUMBER;
  }
}

function readNumber(text: string): number {
  const written = text.trim();
  return WRITTEN.test(written) ? finite(Number(written)) : Number.NaN;
}
