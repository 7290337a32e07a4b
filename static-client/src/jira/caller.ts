import type { JiraHost, JiraRequest, JiraResponse } from '../host/host';
import type { Clock } from './clock';
import { limitText, PATIENCE, pauseAsked, withEnd } from './rate-limit';
import type { Throttle } from './throttle';

/**
 * Atlassian's advice for clients: from 2 s, doubled, at most 30 s, spread by 0.7 to 1.3, four more tries.
 * https://developer.atlassian.com/cloud/jira/platform/rate-limiting/
 */
const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 30_000;
const RETRIES = 4;

export interface Wait {
  readonly seconds: number;
  readonly reason: string;
}

export interface CallerEvents {
  /** After every call to Jira, answered or not. */
  onCall(): void;
  /** `undefined` when a wait is over. */
  onWait(wait: Wait | undefined): void;
}

/** Calls Jira with patience: within the throttle, again after 429, 5xx and broken connections. */
export class Caller {
  /** Jira's refusal of everything for longer than we wait: the answer to all further calls too. */
  #exhausted: JiraResponse | undefined;

  constructor(
    readonly host: JiraHost,
    readonly throttle: Throttle,
    readonly clock: Clock,
    readonly events: CallerEvents,
    readonly signal?: AbortSignal,
  ) {}

  /** Jira's last answer; rejects when there was none, or when aborted. */
  async call(request: JiraRequest): Promise<JiraResponse> {
    for (let attempt = 0; ; attempt++) {
      if (this.#exhausted) return this.#exhausted;
      const outcome = await this.#attempt(request);
      const wait = this.#waitAfter(outcome, attempt);
      if (wait === undefined) return settle(outcome);
      const reason = reasonOf(outcome);
      this.events.onWait({ seconds: Math.ceil(wait / 1000), reason });
      await this.clock.sleep(wait, this.signal);
      this.events.onWait(undefined);
      this.signal?.throwIfAborted();
    }
  }

  async #attempt(request: JiraRequest): Promise<Outcome> {
    const { signal } = this;
    try {
      const sent = { ...request, ...(signal && { signal }) };
      const response = await this.throttle.run(() => this.host.request(sent), signal);
      this.events.onCall();
      return { response };
    } catch (error) {
      signal?.throwIfAborted();
      this.events.onCall();
      return { error };
    }
  }

  /** How long to wait before another try; `undefined` when this outcome is final. */
  #waitAfter(outcome: Outcome, attempt: number): number | undefined {
    const { response } = outcome;
    if (response && isFinal(response)) {
      if (response.headers['x-ratelimit-nearlimit'] === 'true') this.throttle.nearLimit();
      else this.throttle.succeeded();
      return undefined;
    }
    const asked = response && pauseAsked(response, Date.now());
    const wait = asked ?? this.#backOff(attempt);
    if (wait > PATIENCE) {
      this.#exhausted = response && withEnd(response, Date.now());
      return undefined;
    }
    if (response?.status === 429) this.throttle.refused(wait);
    return attempt < RETRIES ? wait : undefined;
  }

  #backOff(attempt: number): number {
    const wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** attempt);
    return wait * (0.7 + 0.6 * this.clock.random());
  }
}

type Outcome =
  | { readonly response: JiraResponse; readonly error?: never }
  | { readonly response?: never; readonly error: unknown };

/** A text in place of JSON is some proxy's page, not Jira's answer. */
function isFinal({ status, body }: JiraResponse): boolean {
  return status < 500 && status !== 429 && !(status === 200 && typeof body === 'string');
}

function settle(outcome: Outcome): JiraResponse {
  if (outcome.response) return outcome.response;
  throw outcome.error;
}

function reasonOf({ response }: Outcome): string {
  if (!response) return 'Jira cannot be reached.';
  if (response.status === 200) return 'Jira’s answer could not be read.';
  return response.status === 429
    ? limitText(response, Date.now())
    : `Jira has a problem of its own (${response.status}).`;
}
