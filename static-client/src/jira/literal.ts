import type { Zone } from '../engine/time/zone';

const MINUTE = 60_000;

/**
 * A moment as JQL reads it, `2024-05-01 13:45` in the caller's zone; seconds are lost. Neighbouring ranges
 * share the literal, so whatever Jira makes of an hour that the clock repeats, no issue falls between them.
 */
export function dateLiteral(instant: number, zone: Zone): string {
  const local = Math.floor((instant + zone.offset(instant)) / MINUTE) * MINUTE;
  return new Date(local).toISOString().slice(0, 16).replace('T', ' ');
}
