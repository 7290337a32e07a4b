/** Texts that the interface makes itself; values of issues are formatted by the engine. */

const LOCALE = 'en-GB';
const counts = new Intl.NumberFormat('en-US');
const shares = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1, minimumFractionDigits: 1 });

/** `4,812`. */
export function formatCount(count: number): string {
  return counts.format(count);
}

/** `1 issue`, `4,812 issues`. */
export function formatIssues(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'issue' : 'issues'}`;
}

/** `4,812 issues`, and where rows are worklogs `4,812 issues, 9,020 worklogs`. */
export function formatHeld(issues: number, worklogs: number | undefined): string {
  if (worklogs === undefined) {
    return formatIssues(issues);
  }
  return `${formatIssues(issues)}, ${formatCount(worklogs)} ${worklogs === 1 ? 'worklog' : 'worklogs'}`;
}

/** `42.5 %` for 0.425; something that is more than nothing is never `0.0 %`. */
export function formatShare(share: number): string {
  if (share > 0 && share < 0.0005) {
    return '<0.1 %';
  }
  return `${shares.format(share * 100)} %`;
}

/** `0.4 s`, `13.7 s`, `2 min 5 s`. */
export function formatSeconds(seconds: number): string {
  const rounded = Math.round(seconds);
  if (rounded < 60) {
    return seconds < 20 ? `${Math.max(seconds, 0).toFixed(1)} s` : `${rounded} s`;
  }
  const rest = rounded % 60;
  return `${Math.floor(rounded / 60)} min${rest ? ` ${rest} s` : ''}`;
}

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];
const relative = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'auto' });

/** `2 hours ago`, `yesterday`, `just now`; for a time that cannot be read, the text itself. */
export function formatAgo(time: string, now: number): string {
  const seconds = (now - Date.parse(time)) / 1000;
  if (Number.isNaN(seconds)) {
    return time;
  }
  const step = STEPS.find(([, length]) => seconds >= length);
  return step ? relative.format(-Math.floor(seconds / step[1]), step[0]) : 'just now';
}

const until = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'always' });
const AHEAD = STEPS.filter(([unit]) => unit === 'day' || unit === 'hour' || unit === 'minute');

/** `in 7 days`, `in 3 hours`, rounded; `in less than a minute`; `now` for what is over or cannot be read. */
export function formatAhead(time: string, now: number): string {
  const seconds = (Date.parse(time) - now) / 1000;
  if (!(seconds > 0)) {
    return 'now';
  }
  const step = AHEAD.find(([, length]) => Math.round(seconds / length) >= (length === 60 ? 1 : 2));
  return step ? until.format(Math.round(seconds / step[1]), step[0]) : 'in less than a minute';
}

/** A day without a time of day, `2026-12-28`, as `28 December 2026`. */
export function formatDay(day: string): string {
  const moment = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(moment.getTime())
    ? day
    : new Intl.DateTimeFormat(LOCALE, { dateStyle: 'long', timeZone: 'UTC' }).format(moment);
}

/** Date and time in the given IANA zone, for hints and titles. */
export function formatMoment(time: string, timeZone: string): string {
  const moment = new Date(time);
  if (Number.isNaN(moment.getTime())) {
    return time;
  }
  return new Intl.DateTimeFormat(LOCALE, { dateStyle: 'long', timeStyle: 'short', timeZone }).format(moment);
}

/** `1.2 MB`; decimal units, as file managers show them. */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB'];
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  const amount = bytes / 1000 ** power;
  return `${power && amount < 100 ? amount.toFixed(1) : Math.round(amount)} ${units[power]}`;
}

/** The letters of a person without a picture: `Ada Lovett` → `AL`. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words;
  return ends.map((word) => [...(word ?? '')][0]?.toLocaleUpperCase() ?? '').join('');
}
