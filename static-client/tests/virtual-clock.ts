import type { Clock } from '../src/jira/clock';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly wake: () => void;
}

/** A clock that jumps from one sleeper to the next: hours of waiting take no time. Chance is seeded. */
export class VirtualClock implements Clock {
  #now = 0;
  #order = 0;
  #seed: number;
  readonly #timers = new Set<Timer>();

  constructor(seed = 1) {
    this.#seed = seed | 0;
  }

  now(): number {
    return this.#now;
  }

  /** Mulberry32. */
  random(): number {
    this.#seed = (this.#seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        signal?.removeEventListener('abort', wake);
        this.#timers.delete(timer);
        resolve();
      };
      const timer: Timer = { at: this.#now + milliseconds, order: this.#order++, wake };
      this.#timers.add(timer);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }

  /** Runs to the end of `work`, waking sleepers in turn. Throws where it waits for nothing. */
  async run<T>(work: Promise<T>): Promise<T> {
    let settled = false;
    const settle = () => {
      settled = true;
    };
    work.then(settle, settle);
    let idle = 0;
    while (!settled) {
      await new Promise((resolve) => setImmediate(resolve));
      idle = this.#wakeNext() || settled ? 0 : idle + 1;
      if (idle > 1000) throw new Error('Nothing is due, and the work is not done.');
    }
    return work;
  }

  #wakeNext(): boolean {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      const sooner = !next || timer.at < next.at || (timer.at === next.at && timer.order < next.order);
      if (sooner) next = timer;
    }
    if (!next) return false;
    this.#now = Math.max(this.#now, next.at);
    next.wake();
    return true;
  }
}
