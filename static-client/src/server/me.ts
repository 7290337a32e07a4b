import { given, json } from './reports';
import type { Transport } from './transport';

/** The person in front of the screen, as the server knows them. */
export interface Me {
  readonly account_id: string;
  /** May administer the Jira site. */
  readonly admin: boolean;
  /** Jira could not be asked; rights that need its word are withheld. */
  readonly unchecked?: boolean;
}

export async function readMe(transport: Transport, signal?: AbortSignal): Promise<Me> {
  return json(await transport({ path: '/me', ...given(signal) }));
}
