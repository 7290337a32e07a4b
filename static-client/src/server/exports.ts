import { given, json } from './reports';
import type { Transport } from './transport';

export type TaskState = 'waiting' | 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

/** A piece of background work; `done` of `total` are reports. */
export interface Task {
  readonly id: string;
  readonly kind: string;
  readonly state: TaskState;
  readonly done: number;
  readonly total: number | null;
  readonly due_at?: string | null;
  readonly error?: string | null;
  readonly created_at?: string;
  readonly finished_at?: string | null;
  readonly expires_at?: string | null;
  readonly size?: number | null;
}

/** For site admins only: others get a `Problem` of status 403. */
export interface Exports {
  list(signal?: AbortSignal): Promise<readonly Task[]>;
  start(key: string): Promise<Task>;
  read(id: string, signal?: AbortSignal): Promise<Task>;
  /** The export itself, as JSON text. */
  file(id: string): Promise<Blob>;
  cancel(id: string): Promise<void>;
}

export function exportsOver(transport: Transport): Exports {
  const at = (id: string) => `/exports/${encodeURIComponent(id)}`;
  return {
    list: async (signal) =>
      (
        await json<{ readonly items: readonly Task[] }>(
          await transport({ path: '/exports', ...given(signal) }),
        )
      ).items,
    start: async (key) =>
      json(
        await transport({ method: 'POST', path: '/exports', body: {}, headers: { 'Idempotency-Key': key } }),
      ),
    read: async (id, signal) => json(await transport({ path: at(id), ...given(signal) })),
    file: async (id) => (await transport({ path: `${at(id)}/file` })).blob(),
    cancel: async (id) => {
      await transport({ method: 'DELETE', path: at(id) });
    },
  };
}

/** No further progress will come. */
export function isOver(task: Task): boolean {
  return task.state === 'done' || task.state === 'failed' || task.state === 'cancelled';
}
