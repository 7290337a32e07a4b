/**
 * Why Jira answers 429, and for how long: a burst is over in seconds, a used-up quota at the end of the hour.
 * https://developer.atlassian.com/cloud/jira/platform/rate-limiting/
 */
import type { JiraResponse } from '../host/host';

/** A pause longer than this is told instead of waited for. Milliseconds. */
export const PATIENCE = 300_000;

/** When the quota begins anew, as an ISO time. */
const RESET = 'x-ratelimit-reset';

/** `RateLimit-Reason` of the points an hour, of the app on all sites or on this one. */
const QUOTA = /^jira-quota-/;

/**
 * Milliseconds that Jira asks us to wait from `now`, itself in milliseconds since 1970; `undefined` where it
 * does not say. The header holds seconds or, by HTTP, a date; a quota may only tell when it begins anew.
 */
export function pauseAsked(response: JiraResponse, now: number): number | undefined {
  const header = response.headers['retry-after'] ?? '';
  const seconds = header === '' ? Number.NaN : Number(header);
  if (!Number.isNaN(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  const end = Number.isNaN(date) && saysQuota(response) ? resetOf(response) : date;
  return Number.isNaN(end) ? undefined : Math.max(0, end - now);
}

/** A 429 in a person's words; the time is that of the clock on their wall. */
export function limitText(response: JiraResponse, now: number): string {
  if (!isQuota(response, now)) return 'Jira asks for slower calls.';
  const pause = pauseAsked(response, now);
  const reset = resetOf(response);
  const end = Number.isNaN(reset) ? now + (pause ?? Number.NaN) : reset;
  return `Jira’s hourly quota is used up${Number.isNaN(end) ? '' : ` until ${hourAndMinute(end)}`}.`;
}

/** The refusal with the moment at which it ends, so that it can be told later on as well. */
export function withEnd(response: JiraResponse, now: number): JiraResponse {
  const pause = pauseAsked(response, now);
  if (pause === undefined || !Number.isNaN(resetOf(response))) return response;
  const end = new Date(now + pause).toISOString();
  return { ...response, headers: { ...response.headers, [RESET]: end } };
}

/** Without a reason given, only a quota asks for more patience than we have. */
function isQuota(response: JiraResponse, now: number): boolean {
  if (response.headers['ratelimit-reason'] !== undefined) return saysQuota(response);
  return (pauseAsked(response, now) ?? 0) > PATIENCE;
}

function saysQuota({ headers }: JiraResponse): boolean {
  return QUOTA.test(headers['ratelimit-reason'] ?? '');
}

/** When the quota begins anew, in milliseconds since 1970; NaN where Jira does not tell. */
function resetOf({ headers }: JiraResponse): number {
  return Date.parse(headers[RESET] ?? '');
}

/** Up to the next full minute: earlier there is nothing to be had. */
function hourAndMinute(instant: number): string {
  const minute = Math.ceil(instant / 60_000) * 60_000;
  return new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' }).format(minute);
}
