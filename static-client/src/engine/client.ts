import type { Answer, Call } from './messages';
import type { Engine, RowWindow, View } from './protocol';

/** The engine over a Web Worker of its own; `close` ends it, and everything it holds. */
export function createEngine(): Engine {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'engine' });
  const calls = new Calls(worker);
  return {
    open: (definition, context) =>
      calls.send<View>({ method: 'open', args: [definition, context, Date.now()] }),
    add: (issues) => calls.send<void>({ method: 'add', args: [issues] }),
    define: (definition) => calls.send<View>({ method: 'define', args: [definition] }),
    refresh: () => calls.send<View>({ method: 'refresh', args: [] }),
    rows: (from, to) => calls.send<RowWindow>({ method: 'rows', args: [from, to] }),
    toggle: (path) => calls.send<View>({ method: 'toggle', args: [path] }),
    expand: (depth) => calls.send<View>({ method: 'expand', args: [depth] }),
    tellApart: (path) => calls.send<View>({ method: 'tellApart', args: [path] }),
    close: () => calls.end(),
  };
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** Calls under way; a worker that fails, or ends, fails all of them. */
class Calls {
  readonly #waiting = new Map<number, Waiting>();
  #next = 1;
  #failure: Error | undefined;

  constructor(readonly worker: Worker) {
    worker.addEventListener('message', (event: MessageEvent<Answer>) => this.#settle(event.data));
    worker.addEventListener('error', (event) => this.#fail(event.message || 'The engine failed.'));
  }

  send<T>(call: Call): Promise<T> {
    if (this.#failure) return Promise.reject(this.#failure);
    const id = this.#next++;
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve: (result) => resolve(result as T), reject });
      this.worker.postMessage({ ...call, id });
    });
  }

  end(): void {
    this.worker.terminate();
    this.#fail('The engine was closed.');
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('error' in answer) waiting?.reject(new Error(answer.error));
    else waiting?.resolve(answer.result);
  }

  #fail(message: string): void {
    this.#failure = new Error(message);
    for (const waiting of this.#waiting.values()) waiting.reject(this.#failure);
    this.#waiting.clear();
  }
}
