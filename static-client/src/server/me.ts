import type { Me } from './bodies';
import { given, json } from './reports';
import type { Transport } from './transport';

/** The person in front of the screen, as the server knows them. */
export type { Me, Notice } from './bodies';

export async function readMe(transport: Transport, signal?: AbortSignal): Promise<Me> {
  return json(await transport({ path: '/me', ...given(signal) }));
}
