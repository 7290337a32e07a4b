import { asNumbers, asTexts } from '../convert';
import type { Compiled, Frame } from '../frame';
import type { Type } from '../functions';
import { byCode } from '../text-order';
import { joined } from '../types';
import {
  mapTexts,
  NO_TEXT,
  type Numbers,
  numberAt,
  numbersFrom,
  type Texts,
  textAt,
  textsFrom,
  type Vector,
} from '../vector';

/** Makes a call of a function ready; its arguments have passed the check of types. */
export type CallMaker = (given: readonly Compiled[]) => Compiled;

/** A function of numbers that are all there; empty where one is. */
export function ofNumbers(compute: (...numbers: number[]) => number): CallMaker {
  return (given) => {
    const runs = given.map((part) => asNumbers(part));
    const of = (number: number) => (Number.isNaN(number) ? number : compute(number));
    return {
      type: 'number',
      run: (frame) => {
        const numbers = runs.map((run) => run(frame));
        const [only] = numbers;
        if (only && numbers.length === 1)
          return numbersFrom(numbers, frame.size, (row) => of(numberAt(only, row)));
        return numbersFrom(numbers, frame.size, (row) => {
          const values = numbers.map((vector) => numberAt(vector, row));
          return values.some(Number.isNaN) ? Number.NaN : compute(...values);
        });
      },
    };
  };
}

/** A function of the numbers that are there; empty where none is. */
export function ofFilled(compute: (numbers: readonly number[]) => number, dates = false): CallMaker {
  return (given) => {
    const type = dates ? (joined('date', commonType(given)) ?? 'date') : 'number';
    const runs = given.map((part) => asNumbers(part, type));
    return {
      type,
      run: (frame) => {
        const vectors = runs.map((run) => run(frame));
        return numbersFrom(vectors, frame.size, (row) => {
          const filled = vectors
            .map((vector) => numberAt(vector, row))
            .filter((value) => !Number.isNaN(value));
          return filled.length === 0 ? Number.NaN : compute(filled);
        });
      },
    };
  };
}

/** The type that all parts can have. */
export function commonType(parts: readonly Compiled[]): Type {
  return parts.reduce<Type>((type, part) => joined(type, part.type) ?? type, 'any');
}

type Rest = readonly (string | number)[];

/**
 * A function of a text and of what says how: computed once for each distinct text where the rest is constant.
 * `missing` is what an empty text gives.
 */
export function ofText(
  type: 'number' | 'boolean',
  missing: number,
  compute: (text: string, ...rest: Rest) => number,
): CallMaker {
  return ([first, ...others]) => {
    const run = textOf(first);
    const rest = others.map(restOf);
    return {
      type,
      run: (frame) => {
        const texts = run(frame);
        const vectors = rest.map((part) => part(frame));
        const of = (text: string, row: number) =>
          text === '' ? missing : compute(text, ...vectors.map((vector) => valueAt(vector, row)));
        if (vectors.every(({ step }) => step === 0)) return byCode(texts, frame, (text) => of(text, 0));
        return numbersFrom([texts, ...vectors], frame.size, (row) => of(textAt(texts, row), row));
      },
    };
  };
}

/** A function that makes a text of a text; an empty one stays empty. */
export function textOfText(compute: (text: string, ...rest: Rest) => string): CallMaker {
  return ([first, ...others]) => {
    const run = textOf(first);
    const rest = others.map(restOf);
    return {
      type: 'text',
      run: (frame) => {
        const texts = run(frame);
        const vectors = rest.map((part) => part(frame));
        const of = (text: string, row: number) =>
          text === '' ? '' : compute(text, ...vectors.map((vector) => valueAt(vector, row)));
        if (vectors.every(({ step }) => step === 0)) return mapTexts(texts, (text) => of(text, 0));
        return textsFrom([texts, ...vectors], frame.size, (row) => of(textAt(texts, row), row));
      },
    };
  };
}

function textOf(part: Compiled | undefined): (frame: Frame) => Texts {
  return part ? asTexts(part) : () => NO_TEXT;
}

/** What says how is a number or a text; one that is always empty is taken for a text. */
function restOf(part: Compiled): (frame: Frame) => Numbers | Texts {
  return part.type === 'number' ? asNumbers(part) : asTexts(part);
}

function valueAt(vector: Vector, row: number): string | number {
  if (vector.shape === 'numbers') return numberAt(vector, row);
  return vector.shape === 'texts' ? textAt(vector, row) : '';
}
