import type { Zone } from '../engine/time/zone';
import { dateLiteral } from './literal';

/** A part of the issues, by when they were created, that one worker pages through. */
export interface Range {
  /** Literals of its ends; open where absent. The end moves back when a thief takes the later part. */
  readonly from: string | undefined;
  to: string | undefined;
  /** About where it begins and ends, in milliseconds since the epoch. */
  readonly low: number;
  high: number;
  /** When the last issue seen was created; `low` before any. */
  cursor: number;
  loaded: number;
  /** Ids of the thief's first page: what comes from there on is the thief's. */
  stopAt: ReadonlySet<string>;
  /** When the first of them was created; a page that goes past it ends the range too. */
  stopAfter: number;
  /** How often it has been begun anew from its cursor. */
  readonly restarts: number;
  /** Whose later part this is, until its first page has come. */
  victim?: Range | undefined;
}

export function newRange(ends: Pick<Range, 'from' | 'to' | 'low' | 'high'>, restarts = 0): Range {
  const { from, to, low, high } = ends;
  return {
    from,
    to,
    low,
    high,
    cursor: low,
    loaded: 0,
    stopAt: new Set(),
    stopAfter: Number.POSITIVE_INFINITY,
    restarts,
  };
}

/**
 * At most `count` ranges from the first to the last creation, open at both ends: they are disjoint and together
 * hold everything, whatever the zone.
 */
export function splitEvenly(low: number, high: number, count: number, zone: Zone): Range[] {
  const moments = Array.from({ length: count - 1 }, (_, index) => low + ((high - low) * (index + 1)) / count);
  const cuts = new Map(moments.map((moment) => [dateLiteral(moment, zone), moment]));
  cuts.delete(dateLiteral(low, zone));
  const ends = [...cuts];
  return Array.from({ length: ends.length + 1 }, (_, index) => {
    const [from, start = low] = ends[index - 1] ?? [];
    const [to, end = high] = ends[index] ?? [];
    return newRange({ from, to, low: start, high: end });
  });
}

/** Issues that a range is likely to have left, by how many it held so far; `density` is issues a millisecond. */
export function estimateLeft(range: Range, density: number): number {
  const seen = range.cursor - range.low;
  const own = range.loaded > 0 && seen > 0 ? range.loaded / seen : density;
  return own * Math.max(0, range.high - range.cursor);
}

/**
 * Takes the later half of what a range has left. The victim keeps its cursor; `undefined` where its rest lies
 * within a minute, as literals could not part it.
 */
export function takeLaterHalf(victim: Range, zone: Zone): Range | undefined {
  const middle = victim.cursor + (victim.high - victim.cursor) / 2;
  const cut = dateLiteral(middle, zone);
  const inside = cut > dateLiteral(victim.cursor, zone) && (victim.to === undefined || cut < victim.to);
  if (!inside) return undefined;
  const thief = newRange({ from: cut, to: victim.to, low: middle, high: victim.high });
  thief.victim = victim;
  victim.to = cut;
  victim.high = middle;
  return thief;
}
