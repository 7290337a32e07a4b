import type { Me, SiteMoved } from './bodies';
import { given, json } from './reports';
import type { Transport } from './transport';

/** The person in front of the screen, as the server knows them. */
export type { Me, Notice, SiteMoved } from './bodies';

/** What a person is told of changes of their site's address, the newest first. */
export function movesOf(me: Me): readonly SiteMoved[] {
  return me.notices.filter((notice) => notice.kind === 'site moved');
}

export async function readMe(transport: Transport, signal?: AbortSignal): Promise<Me> {
  return json(await transport({ path: '/me', ...given(signal) }));
}
