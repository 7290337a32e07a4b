import type { Clock } from './clock';

/** Answers without trouble after which one more call at once is tried. */
const CALM = 20;

/** Lets only so many calls run at once, fewer when Jira asks for it. */
export class Throttle {
  #limit: number;
  #active = 0;
  #calm = 0;
  #resumeAt = 0;
  readonly #queue: (() => void)[] = [];

  constructor(
    readonly most: number,
    readonly clock: Clock,
  ) {
    this.#limit = most;
  }

  /** Calls that may run at once now. */
  get limit(): number {
    return this.#limit;
  }

  /** Runs a call when there is room for it and Jira's pause is over; rejects when aborted before. */
  async run<T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.#enter(signal);
    try {
      signal?.throwIfAborted();
      return await call();
    } finally {
      this.#active--;
      this.#admit();
    }
  }

  /** Jira refused a call: half as many from now on, and none for a while. */
  refused(pause: number): void {
    this.#limit = Math.max(1, Math.floor(this.#limit / 2));
    this.#calm = 0;
    this.#resumeAt = Math.max(this.#resumeAt, this.clock.now() + pause);
  }

  /** Jira says that its limit is near. */
  nearLimit(): void {
    this.#limit = Math.max(1, this.#limit - 1);
    this.#calm = 0;
  }

  succeeded(): void {
    this.#calm++;
    if (this.#calm < CALM || this.#limit >= this.most) return;
    this.#limit++;
    this.#calm = 0;
    this.#admit();
  }

  async #enter(signal?: AbortSignal): Promise<void> {
    while (this.#active >= this.#limit) await new Promise<void>((resolve) => this.#queue.push(resolve));
    this.#active++;
    while (this.clock.now() < this.#resumeAt && !signal?.aborted) {
      await this.clock.sleep(this.#resumeAt - this.clock.now(), signal);
    }
  }

  #admit(): void {
    if (this.#active < this.#limit) this.#queue.shift()?.();
  }
}
