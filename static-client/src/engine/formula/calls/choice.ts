import { asNumbers, convert } from '../convert';
import type { Compiled, Frame } from '../frame';
import { pick } from '../pick';
import { isEmptyAt, lengthOf, NO_NUMBER, numberAt, numbersFrom, type Vector } from '../vector';
import { type CallMaker, commonType } from './call';

export const choiceCalls: Readonly<Record<string, CallMaker>> = {
  if: ([condition, ...branches]) => {
    const test = condition ? asNumbers(condition, 'boolean') : () => NO_NUMBER;
    const { type, runs } = alike([...branches, NOTHING].slice(0, 2));
    return {
      type,
      run: (frame) => {
        const held = test(frame);
        const vectors = runs.map((run) => run(frame));
        return choose([held, ...vectors], vectors, frame, (row) => (numberAt(held, row) === 1 ? 0 : 1));
      },
    };
  },
  coalesce: (given) => {
    const { type, runs } = alike(given);
    return {
      type,
      run: (frame) => {
        const vectors = runs.map((run) => run(frame));
        const firstFilled = (row: number) => {
          const place = vectors.findIndex((vector) => !isEmptyAt(vector, row));
          return Math.max(0, place);
        };
        return choose(vectors, vectors, frame, firstFilled);
      },
    };
  },
  is_empty: ([value]) => ({
    type: 'boolean',
    run: (frame) => {
      const vector = value ? value.run(frame) : NO_NUMBER;
      return numbersFrom([vector], frame.size, (row) => (isEmptyAt(vector, row) ? 1 : 0));
    },
  }),
};

/** What an `if` without else gives. */
const NOTHING: Compiled = { type: 'any', run: () => NO_NUMBER };

function alike(parts: readonly Compiled[]): {
  readonly type: Compiled['type'];
  readonly runs: readonly ((frame: Frame) => Vector)[];
} {
  const type = commonType(parts);
  return { type, runs: parts.map((part) => convert(part, type)) };
}

function choose(
  involved: readonly Vector[],
  vectors: readonly Vector[],
  { size }: Frame,
  place: (row: number) => number,
): Vector {
  const length = lengthOf(involved, size);
  const places = Uint8Array.from({ length }, (_, row) => place(row));
  return pick(vectors, places, involved.every(({ step }) => step === 0) ? 0 : 1);
}
