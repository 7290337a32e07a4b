import type { Zone } from '../engine/time/zone';
import { dateLiteral } from './literal';

/** A stretch of creation times, in milliseconds since the epoch, that did not come, and why. */
export interface Gap {
  readonly low: number;
  readonly high: number;
  readonly reason: string;
}

/** Ranges are cut to the minute. */
const MINUTE = 60_000;

/** Gaps in plain words, those that touch as one; times in the caller's zone. */
export function tellMissing(gaps: readonly Gap[], zone: Zone): readonly string[] {
  return joinGaps(gaps).map(({ low, high, reason }) => {
    const span = `${dateLiteral(low, zone)} to ${dateLiteral(high, zone)}`;
    return `issues created from ${span} (${reason})`;
  });
}

function joinGaps(gaps: readonly Gap[]): readonly Gap[] {
  const joined: Gap[] = [];
  for (const gap of [...gaps].sort((left, right) => left.low - right.low)) {
    const last = joined.at(-1);
    const touches = last && last.reason === gap.reason && gap.low <= last.high + MINUTE;
    if (touches) joined[joined.length - 1] = { ...last, high: Math.max(last.high, gap.high) };
    else joined.push(gap);
  }
  return joined;
}
