import { asLists, asTexts } from '../convert';
import type { Compiled } from '../frame';
import { sameText } from '../text-order';
import {
  constantText,
  type Lists,
  listAt,
  NO_LIST,
  NO_TEXT,
  numbersFrom,
  textAt,
  textsFrom,
} from '../vector';
import type { CallMaker } from './call';

export const listCalls: Readonly<Record<string, CallMaker>> = {
  count: ([list]) => {
    const run = listOf(list);
    return {
      type: 'number',
      run: (frame) => {
        const lists = run(frame);
        const filled = flags(lists, (text) => text !== '');
        return numbersFrom([lists], frame.size, (row) => countAt(lists, filled, row));
      },
    };
  },
  first: oneOf((values) => values[0]),
  last: oneOf((values) => values.at(-1)),
  join: ([list, separator]) => {
    const run = listOf(list);
    const between = separator ? asTexts(separator) : () => constantText(', ');
    return {
      type: 'text',
      run: (frame) => {
        const lists = run(frame);
        const texts = between(frame);
        return textsFrom([lists, texts], frame.size, (row) => listAt(lists, row).join(textAt(texts, row)));
      },
    };
  },
  has: ([list, value]) => {
    const run = listOf(list);
    const wanted = value ? asTexts(value) : () => NO_TEXT;
    return {
      type: 'boolean',
      run: (frame) => {
        const lists = run(frame);
        const texts = wanted(frame);
        if (texts.step === 0) {
          const same = flags(lists, (text) => text !== '' && sameText(text, textAt(texts, 0)));
          return numbersFrom([lists], frame.size, (row) => Math.min(1, countAt(lists, same, row)));
        }
        return numbersFrom([lists, texts], frame.size, (row) =>
          listAt(lists, row).some((one) => sameText(one, textAt(texts, row))) ? 1 : 0,
        );
      },
    };
  },
};

function listOf(part: Compiled | undefined): ReturnType<typeof asLists> {
  return part ? asLists(part) : () => NO_LIST;
}

/** Which distinct texts of lists pass a test. */
function flags(lists: Lists, test: (text: string) => boolean): Uint8Array {
  return Uint8Array.from(lists.texts, (text) => (test(text) ? 1 : 0));
}

/** How many texts of one row are flagged. */
function countAt({ codes, offsets, step }: Lists, flagged: Uint8Array, row: number): number {
  const at = row * step;
  const end = offsets ? (offsets[at + 1] as number) : at + 1;
  let count = 0;
  for (let index = offsets ? (offsets[at] as number) : at; index < end; index++) {
    count += flagged[codes[index] as number] as number;
  }
  return count;
}

function oneOf(choose: (values: readonly string[]) => string | undefined): CallMaker {
  return ([list]) => {
    const run = listOf(list);
    return {
      type: 'text',
      run: (frame) => {
        const lists = run(frame);
        return textsFrom([lists], frame.size, (row) => choose(listAt(lists, row)) ?? '');
      },
    };
  };
}
