/** Results that stay right until more issues come. */
export class Memo {
  readonly #results = new Map<string, unknown>();

  /** The result of `compute`, computed at most once a key; a key must tell everything that it depends on. */
  get<T>(key: string, compute: () => T): T {
    if (this.#results.has(key)) return this.#results.get(key) as T;
    const result = compute();
    this.#results.set(key, result);
    return result;
  }

  clear(): void {
    this.#results.clear();
  }
}
