import { readDate } from '../engine/decode/date';
import type { RawIssue } from '../engine/protocol';
import type { Progress } from './progress';

/** Passes issues on, each once. */
export class Collector {
  readonly #seen = new Set<string>();

  constructor(
    readonly progress: Progress,
    readonly deliver: (issues: readonly RawIssue[]) => void,
  ) {}

  /** Returns how many were new. */
  take(issues: readonly RawIssue[]): number {
    const fresh = issues.filter(({ id }) => {
      const known = this.#seen.has(id);
      this.#seen.add(id);
      return !known;
    });
    if (fresh.length > 0) this.deliver(fresh);
    this.progress.received(issues.length, fresh.length);
    return fresh.length;
  }
}

/** When an issue was created, in milliseconds since the epoch; NaN where Jira did not say. */
export function createdAt(issue: RawIssue | undefined): number {
  return readDate(issue?.fields.created);
}
