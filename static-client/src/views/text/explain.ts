import { BridgeMissing } from '../../host/bridge';
import { QueryRefused } from '../../jira/loading';
import { Problem, Unreachable } from '../../server/problem';

/** What went wrong and what the person can do about it. */
export interface Explanation {
  readonly title: string;
  readonly text: string;
  /** Trying the same again can help. */
  readonly again: boolean;
}

/** Words for any error that reaches a view; Jira's and the server's own words are kept. */
export function explain(error: unknown): Explanation {
  if (error instanceof Problem) {
    return explainProblem(error);
  }
  if (error instanceof QueryRefused) {
    return { title: 'Jira does not accept the base query', text: error.messages.join(' '), again: false };
  }
  if (error instanceof Unreachable) {
    return {
      title: 'No connection to Sightline',
      text: `${error.message} Check your connection and try again.`,
      again: true,
    };
  }
  if (error instanceof BridgeMissing) {
    return { title: 'No connection to Jira', text: `${error.message} Reload the page.`, again: true };
  }
  const text = error instanceof Error ? error.message : String(error);
  return { title: 'Something went wrong', text, again: true };
}

const STATUS_TITLES: Readonly<Record<number, string>> = {
  401: 'Jira and Sightline do not recognise each other',
  403: 'You may not do this',
  404: 'There is nothing here for you',
  412: 'Somebody else has saved this report',
  413: 'This is too large',
  429: 'Too many requests',
  503: 'Sightline is not available at the moment',
};

const STATUS_ADVICE: Readonly<Record<number, string>> = {
  401: 'Reload the page. If that does not help, ask a Jira admin to reinstall the app.',
  403: 'Ask its owner or a Jira admin.',
  404: 'It may have been deleted, or is no longer shared with you.',
  429: 'Wait a moment and try again.',
  503: 'Try again in a minute.',
};

function explainProblem(problem: Problem): Explanation {
  const advice = adviceOf(problem);
  const number = problem.status >= 500 && problem.requestId ? ` Request ${problem.requestId}.` : '';
  return {
    title: STATUS_TITLES[problem.status] ?? 'The Sightline server refused this',
    text: [problem.message, advice].filter(Boolean).join(' ') + number,
    again: problem.status === 429 || problem.status >= 500,
  };
}

/** The server says when another try makes sense, where one does. */
function adviceOf({ status, retryAfter }: Problem): string | undefined {
  const busy = status === 429 || status === 503;
  return busy && retryAfter ? `Try again in ${spell(retryAfter)}.` : STATUS_ADVICE[status];
}

function spell(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} minutes`;
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
