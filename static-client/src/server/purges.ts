import type { Purge, PurgePage, PurgeReceipt } from './bodies';
import { given, json } from './reports';
import type { Transport } from './transport';

export type { Purge, PurgeReceipt } from './bodies';

/** For site admins only: others get a `Problem` of status 403. */
export interface Purges {
  /** Those to come, those that came to nothing, and those of which there is a receipt; the newest first. */
  list(signal?: AbortSignal): Promise<readonly Purge[]>;
  /** `confirm` names the site by its host. Gives the purge that is to come where there is one. */
  request(confirm: string): Promise<Purge>;
  /** Rejects with a `Problem` of status 409 once the purge has begun. */
  stop(id: string): Promise<void>;
  receipt(id: string, signal?: AbortSignal): Promise<PurgeReceipt>;
}

export function purgesOver(transport: Transport): Purges {
  const path = '/purges';
  const at = (id: string) => `${path}/${encodeURIComponent(id)}`;
  return {
    list: async (signal) => (await json<PurgePage>(await transport({ path, ...given(signal) }))).items,
    request: async (confirm) =>
      json(await transport({ method: 'POST', path, body: { confirm }, repeatable: true })),
    stop: async (id) => {
      await transport({ method: 'DELETE', path: at(id) });
    },
    receipt: async (id, signal) => json(await transport({ path: `${at(id)}/receipt`, ...given(signal) })),
  };
}
