/** Texts that apps write for machines; each gives what a person reads, or nothing where it is not of the form. */
import { asObject, type JsonObject, textOf } from './json';

/**
 * Java's rendering of a map: without its braces or, of the development panel's summary, what is under way:
 * `{pullrequest={dataType=pullrequest, state=OPEN, stateCount=1}, json={"cachedValue":{"summary":{…}}}}`.
 * An empty text where nothing is under way.
 */
export function developmentText(text: string): string | undefined {
  if (!/^\{[\w.-]+=/.test(text)) return undefined;
  const json = text.indexOf('json={');
  const summary = json < 0 ? undefined : summaryOf(text.slice(json + 'json='.length, text.lastIndexOf('}')));
  if (summary !== undefined) return summary;
  const development = json >= 0 || text.includes('{dataType=');
  return development ? javaSummary(text) : text.slice(1).replace(/\}$/, '');
}

function summaryOf(json: string): string | undefined {
  const cached = asObject(asObject(parsed(json))?.cachedValue);
  const summary = asObject(cached?.summary);
  if (!summary) return undefined;
  const parts = Object.entries(summary).flatMap(([kind, value]) => {
    const overall = asObject(asObject(value)?.overall);
    return overall ? countText(overall.count, kind, textOf(overall, 'state')) : [];
  });
  return parts.join(', ');
}

/** Bounded throughout, so that a long text is searched in linear time. */
const JAVA_ENTRY = /([\w-]{1,40})=\{dataType=[\w-]{1,40}, state=(\w{1,40}), stateCount=(\d{1,9})\}/g;

function javaSummary(text: string): string {
  const entries = [...text.matchAll(JAVA_ENTRY)];
  return entries.flatMap(([, kind = '', state, count]) => countText(Number(count), kind, state)).join(', ');
}

const KINDS: Readonly<Record<string, string>> = {
  pullrequest: 'pull request',
  'deployment-environment': 'deployment',
  repository: 'commit',
};

function countText(count: unknown, kind: string, state: string | undefined): readonly string[] {
  if (typeof count !== 'number' || !(count > 0)) return [];
  const name = KINDS[kind] ?? kind;
  const plural = count === 1 ? name : `${name}s`;
  return [`${count} ${plural}${state ? ` (${state.toLowerCase()})` : ''}`];
}

const STATUS_TIME = /^\d+_\*:\*_\d+_\*:\*_-?\d+(_\*\|\*_\d+_\*:\*_\d+_\*:\*_-?\d+)*$/;

/** Jira's charting field: how long an issue stood in each status, by id and in milliseconds. */
export function timeInStatusText(text: string): string | undefined {
  if (!STATUS_TIME.test(text)) return undefined;
  const parts = text.split('_*|*_').map((part) => part.split('_*:*_'));
  return parts.map(([status, , millis]) => `${elapsed(Number(millis))} in status ${status}`).join(', ');
}

/** Time on the clock, not working time. */
function elapsed(millis: number): string {
  const minutes = Math.floor(Math.max(millis, 0) / 60_000);
  const parts = [
    [Math.floor(minutes / 1440), 'd'],
    [Math.floor(minutes / 60) % 24, 'h'],
    [minutes % 60, 'm'],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count}${unit}`);
  return told.join(' ') || '0m';
}

/** What a text holds as JSON; `undefined` where it is none, or a scalar, which is the text itself. */
export function structured(text: string): JsonObject | readonly unknown[] | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  const value = parsed(text);
  return Array.isArray(value) ? value : asObject(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
