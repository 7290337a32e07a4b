import type { NumberColumn } from '../column/number-column';
import { rankNumbers } from '../order/sort-rows';
import type { EngineContext } from '../protocol';
import { formatNumber } from '../view/format-number';
import type { Coding } from './coding';

/** One group a number. */
export function codeNumbers(column: NumberColumn, context: EngineContext): Coding {
  const values = column.values();
  const ranks = rankNumbers(values);
  const numbers = new Float64Array(ranks.size);
  ranks.of.forEach((rank, row) => {
    if (rank > 0) numbers[rank] = values[row] ?? 0;
  });
  return {
    codes: ranks.of,
    size: ranks.size,
    identity: (code) => String(numbers[code]),
    label: (code) => ({
      values: code === 0 ? [] : [formatNumber(numbers[code] ?? 0, column.kind, undefined, context)],
    }),
  };
}

/** Keeps 0.3 in the range that begins at 0.3, whatever binary fractions make of it. */
const TOLERANCE = 1e-9;

/** Ranges of equal width, the lower end inside: `0 to 5` holds 0 and not 5. */
export function codeRanges(step: number, column: NumberColumn, context: EngineContext): Coding {
  const buckets = column.values().map((value) => Math.floor(value / step + TOLERANCE));
  const ranks = rankNumbers(buckets);
  const numbers = new Float64Array(ranks.size);
  ranks.of.forEach((rank, row) => {
    if (rank > 0) numbers[rank] = buckets[row] ?? 0;
  });
  const end = (bucket: number) => textOf(formatNumber(bucket * step, column.kind, undefined, context));
  return {
    codes: ranks.of,
    size: ranks.size,
    identity: (code) => `${numbers[code]}×${step}`,
    label: (code) => {
      const bucket = numbers[code] ?? 0;
      const text = `${end(bucket)} to ${end(bucket + 1)}`;
      return { values: code === 0 ? [] : [{ kind: 'text', text }] };
    },
  };
}

function textOf(value: ReturnType<typeof formatNumber>): string {
  return 'text' in value ? value.text : '';
}
