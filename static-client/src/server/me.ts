import type { Me, PurgeToCome, SiteMoved } from './bodies';
import { given, json } from './reports';
import type { Transport } from './transport';

/** The person in front of the screen, as the server knows them. */
export type { Me, PurgeToCome, SiteMoved } from './bodies';

/** What a person is told of changes of their site's address, the newest first. */
export function movesOf(me: Me): readonly SiteMoved[] {
  return me.notices.filter((notice) => notice.kind === 'site moved');
}

/** What admins are told of a removal of all data that is to come or under way. */
export function purgeOf(me: Me): PurgeToCome | undefined {
  return me.notices.find(
    (notice): notice is PurgeToCome => notice.kind === 'purge planned' || notice.kind === 'purge under way',
  );
}

export async function readMe(transport: Transport, signal?: AbortSignal): Promise<Me> {
  return json(await transport({ path: '/me', ...given(signal) }));
}
