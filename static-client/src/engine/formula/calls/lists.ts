import { asLists, asTexts } from '../convert';
import type { Compiled } from '../frame';
import { sameText } from '../text-order';
import { constantText, listAt, NO_LIST, NO_TEXT, numbersFrom, textAt, textsFrom } from '../vector';
import type { CallMaker } from './call';

export const listCalls: Readonly<Record<string, CallMaker>> = {
  count: ([list]) => {
    const run = listOf(list);
    return {
      type: 'number',
      run: (frame) => {
        const lists = run(frame);
        return numbersFrom([lists], frame.size, (row) => listAt(lists, row).length);
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
