import { asObject } from './json';

/** Members in which Jira wraps a number: votes, watchers, and the totals of comments and worklogs. */
const WRAPPED = ['votes', 'watchCount', 'total', 'value'] as const;

/** A number as Jira writes it, plain or wrapped; progress as percent of its total; NaN where there is none. */
export function readNumber(raw: unknown): number {
  if (typeof raw === 'number') return raw;
  if (typeof raw === 'string') return raw.trim() === '' ? Number.NaN : Number(raw);
  const object = asObject(raw);
  return object ? readWrapped(object) : Number.NaN;
}

function readWrapped(object: Readonly<Record<string, unknown>>): number {
  const { progress, total, percent } = object;
  if (typeof percent === 'number') return percent;
  if (typeof progress === 'number' && typeof total === 'number') {
    return total > 0 ? (100 * progress) / total : Number.NaN;
  }
  for (const member of WRAPPED) {
    const value = object[member];
    if (typeof value === 'number') return value;
  }
  return Number.NaN;
}
