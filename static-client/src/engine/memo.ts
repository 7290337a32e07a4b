/** Results that stay right until more issues come. */
export class Memo {
  readonly #results = new Map<string, unknown>();
  readonly #latest = new Map<string, { readonly key: string; readonly result: unknown }>();

  /** The result of `compute`, computed at most once a key; a key must tell everything that it depends on. */
  get<T>(key: string, compute: () => T): T {
    if (this.#results.has(key)) return this.#results.get(key) as T;
    const result = compute();
    this.#results.set(key, result);
    return result;
  }

  has(key: string): boolean {
    return this.#results.has(key);
  }

  /** The same for results too large to keep several of: only the last one of each slot is kept. */
  latest<T>(slot: string, key: string, compute: () => T): T {
    const last = this.#latest.get(slot);
    if (last?.key === key) return last.result as T;
    const result = compute();
    this.#latest.set(slot, { key, result });
    return result;
  }

  clear(): void {
    this.#latest.clear();
    this.#results.clear();
  }
}
