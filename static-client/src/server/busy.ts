/** A wait shorter than this is not worth a word. */
const WORTH_TELLING_SECONDS = 1;

/** The waits of calls that the server was too busy for, as something to show. */
export class Busy {
  readonly #waits = new Map<symbol, { readonly until: number; readonly seconds: number }>();
  readonly #listeners = new Set<() => void>();

  /** Told whenever `seconds` may have changed; returns how to stop that. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** How long the wait is that ends first, in whole seconds; null while nothing waits. */
  readonly seconds = (): number | null => {
    const first = [...this.#waits.values()].sort((a, b) => a.until - b.until)[0];
    return first ? Math.ceil(first.seconds) : null;
  };

  /** Shows a wait of so many seconds until `work` has ended. */
  async during(seconds: number, work: Promise<void>): Promise<void> {
    if (seconds < WORTH_TELLING_SECONDS) {
      return work;
    }
    const wait = Symbol('wait');
    this.#waits.set(wait, { until: Date.now() + seconds * 1000, seconds });
    this.#tell();
    try {
      await work;
    } finally {
      this.#waits.delete(wait);
      this.#tell();
    }
  }

  #tell(): void {
    for (const listener of this.#listeners) {
      listener();
    }
  }
}
