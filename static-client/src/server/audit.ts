import type { AuditPage } from './bodies';
import { given, json } from './reports';
import type { Transport } from './transport';

export type { AuditEntry, AuditPage } from './bodies';

const PAGE = 20;

/** For site admins only: others get a `Problem` of status 403. */
export async function readAudit(
  transport: Transport,
  cursor: string | null,
  signal?: AbortSignal,
): Promise<AuditPage> {
  const parameters = new URLSearchParams({ limit: String(PAGE), ...(cursor ? { cursor } : {}) });
  return json(await transport({ path: `/audit?${parameters}`, ...given(signal) }));
}
