import type { Import, ImportPage } from './bodies';
import { given, json } from './reports';
import type { Transport } from './transport';

export type { Import, ImportCheck, ImportCounts } from './bodies';

/** Bytes of a part at most, and of a file in as many parts as there may be. */
export const LARGEST_PART = 256 * 1024;
export const LARGEST_FILE = 256 * LARGEST_PART;

/** For site admins only: others get a `Problem` of status 403. */
export interface Imports {
  /** The newest first. */
  list(signal?: AbortSignal): Promise<readonly Import[]>;
  begin(): Promise<Import>;
  read(id: string, signal?: AbortSignal): Promise<Import>;
  /** Sends the part of this number, from 1 on. */
  put(id: string, number: number, part: Blob, signal?: AbortSignal): Promise<void>;
  check(id: string): Promise<Import>;
  apply(id: string): Promise<Import>;
  /** Cancels an import that is open, with its file. */
  remove(id: string): Promise<void>;
}

export function importsOver(transport: Transport): Imports {
  const at = (id: string) => `/imports/${encodeURIComponent(id)}`;
  // Asked for a step again, the server gives the one that is under way.
  const step = async (id: string, name: string): Promise<Import> =>
    json(await transport({ method: 'POST', path: `${at(id)}/${name}`, repeatable: true }));
  return {
    list: async (signal) =>
      (await json<ImportPage>(await transport({ path: '/imports', ...given(signal) }))).items,
    begin: async () => json(await transport({ method: 'POST', path: '/imports' })),
    read: async (id, signal) => json(await transport({ path: at(id), ...given(signal) })),
    put: async (id, number, content, signal) => {
      const path = `${at(id)}/parts/${number}`;
      await transport({ method: 'PUT', path, content, repeatable: true, ...given(signal) });
    },
    check: (id) => step(id, 'check'),
    apply: (id) => step(id, 'apply'),
    remove: async (id) => {
      await transport({ method: 'DELETE', path: at(id) });
    },
  };
}
