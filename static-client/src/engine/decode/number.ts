import { asObject, type JsonObject } from './json';

/** Members in which Jira wraps a number: votes, watchers, the totals of comments and worklogs, a rating. */
const WRAPPED = ['votes', 'watchCount', 'total', 'value', 'rating'] as const;

/**
 * A number as Jira writes it, plain or wrapped; a list of attachments, comments or worklogs as how many they
 * are; progress as percent of its total; NaN where there is none.
 */
export function readNumber(raw: unknown): number {
  if (typeof raw === 'number') return raw;
  if (typeof raw === 'string') return raw.trim() === '' ? Number.NaN : Number(raw);
  if (Array.isArray(raw)) return readList(raw);
  const object = asObject(raw);
  return object ? readWrapped(object) : Number.NaN;
}

/** Percent; Jira's work ratio is -1 where nothing was estimated, which is no ratio. */
export function readProgress(raw: unknown): number {
  const percent = readNumber(raw);
  return percent >= 0 ? percent : Number.NaN;
}

function readList(list: readonly unknown[]): number {
  const [first] = list;
  return list.length === 1 && typeof first !== 'object' ? readNumber(first) : list.length;
}

function readWrapped(object: JsonObject): number {
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
