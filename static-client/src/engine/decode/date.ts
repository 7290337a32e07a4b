const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The last instant that a `Date` can hold. */
const LATEST = 8.64e15;
const ZONE_WITHOUT_COLON = /([+-]\d{2})(\d{2})$/;

/**
 * Milliseconds since the epoch of a Jira date (`2024-05-01`, midnight UTC) or time
 * (`2024-05-01T10:00:00.000+0200`); NaN where it is none.
 */
export function readDate(raw: unknown): number {
  if (typeof raw === 'number') return isInstant(raw) ? raw : Number.NaN;
  if (typeof raw !== 'string') return Number.NaN;
  const day = DAY.exec(raw);
  if (day) return Date.UTC(Number(day[1]), Number(day[2]) - 1, Number(day[3]));
  return Date.parse(raw.replace(ZONE_WITHOUT_COLON, '$1:$2'));
}

/** Whether milliseconds since the epoch are a date at all. */
export function isInstant(milliseconds: number): boolean {
  return Math.abs(milliseconds) <= LATEST;
}
