import type { Export, ExportPage } from './bodies';
import { given, json } from './reports';
import type { Transport } from './transport';

/** A piece of background work; `done` of `total` are records. */
export type Task = Export;

/** The export itself, JSON under gzip, with the name that the server gives it. */
interface ExportFile {
  readonly name: string;
  readonly content: Blob;
}

/** For site admins only: others get a `Problem` of status 403. */
export interface Exports {
  list(signal?: AbortSignal): Promise<readonly Task[]>;
  start(key: string): Promise<Task>;
  read(id: string, signal?: AbortSignal): Promise<Task>;
  file(id: string): Promise<ExportFile>;
  cancel(id: string): Promise<void>;
}

export function exportsOver(transport: Transport): Exports {
  const at = (id: string) => `/exports/${encodeURIComponent(id)}`;
  return {
    list: async (signal) =>
      (await json<ExportPage>(await transport({ path: '/exports', ...given(signal) }))).items,
    start: async (key) =>
      json(
        await transport({ method: 'POST', path: '/exports', body: {}, headers: { 'Idempotency-Key': key } }),
      ),
    read: async (id, signal) => json(await transport({ path: at(id), ...given(signal) })),
    file: async (id) => exportFile(await transport({ path: `${at(id)}/file` })),
    cancel: async (id) => {
      await transport({ method: 'DELETE', path: at(id) });
    },
  };
}

async function exportFile(response: Response): Promise<ExportFile> {
  const disposition = response.headers.get('content-disposition') ?? '';
  const name = /filename="([\w.-]+)"/.exec(disposition)?.[1];
  return { name: name ?? 'sightline-export.json.gz', content: await response.blob() };
}

/** No further progress will come. */
export function isOver(task: Pick<Task, 'state'>): boolean {
  return task.state === 'done' || task.state === 'failed' || task.state === 'cancelled';
}
