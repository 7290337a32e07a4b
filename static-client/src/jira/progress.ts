import type { Wait } from './caller';
import type { Clock } from './clock';
import type { LoadProgress } from './loading';

/** The rate is that of the last so many milliseconds. */
const WINDOW = 5_000;

/** Counts what a load has done, and tells it. */
export class Progress {
  #loaded = 0;
  #calls = 0;
  #received = 0;
  #estimate: number | undefined;
  #waiting: Wait | undefined;
  #worklogsLeft: number | undefined;
  readonly #begun: number;
  readonly #samples: { readonly at: number; readonly loaded: number }[] = [];

  constructor(
    readonly clock: Clock,
    readonly tell: ((progress: LoadProgress) => void) | undefined,
  ) {
    this.#begun = clock.now();
  }

  get loaded(): number {
    return this.#loaded;
  }

  get estimate(): number | undefined {
    return this.#estimate;
  }

  called(): void {
    this.#calls++;
  }

  estimated(count: number | undefined): void {
    this.#estimate = count;
    this.#report();
  }

  waiting(wait: Wait | undefined): void {
    this.#waiting = wait;
    this.#report();
  }

  /** So many issues wait for their worklogs. */
  worklogsLeft(issues: number): void {
    this.#worklogsLeft = issues;
    this.#report();
  }

  /** Objects came that are no issues to hold: they cost points all the same. */
  looked(objects: number): void {
    this.#received += objects;
  }

  /** An issue that came is not passed on, as it is there no more. */
  dropped(): void {
    this.#loaded--;
    this.#report();
  }

  /** A page came, of which some issues were new. */
  received(issues: number, fresh: number): void {
    this.#received += issues;
    this.#loaded += fresh;
    this.#samples.push({ at: this.clock.now(), loaded: this.#loaded });
    this.#report();
  }

  summary(): { loaded: number; estimate?: number; calls: number; points: number; seconds: number } {
    return { ...this.#counts(), seconds: (this.clock.now() - this.#begun) / 1000 };
  }

  #counts() {
    const estimate = this.#estimate;
    return {
      loaded: this.#loaded,
      calls: this.#calls,
      points: this.#calls + this.#received,
      ...(estimate !== undefined && { estimate }),
    };
  }

  #report(): void {
    if (!this.tell) return;
    const rate = this.#rate();
    const left = this.#estimate === undefined ? undefined : Math.max(0, this.#estimate - this.#loaded);
    this.tell({
      ...this.#counts(),
      rate,
      ...(left !== undefined && rate > 0 && { remainingSeconds: left / rate }),
      ...(this.#worklogsLeft !== undefined && { worklogsLeft: this.#worklogsLeft }),
      ...(this.#waiting && { waiting: this.#waiting }),
    });
  }

  #rate(): number {
    const now = this.clock.now();
    while ((this.#samples[1]?.at ?? now) < now - WINDOW) this.#samples.shift();
    const first = this.#samples[0];
    const base = this.#samples.length > 1 && first ? first : { at: this.#begun, loaded: 0 };
    const seconds = (now - base.at) / 1000;
    return seconds > 0 ? (this.#loaded - base.loaded) / seconds : 0;
  }
}
