import { given, json } from './reports';
import type { Transport } from './transport';

/** Something that happened to the site's data; `details` holds ids and addresses. */
export interface AuditEntry {
  readonly id: string;
  readonly at: string;
  readonly event: string;
  /** Null where Jira itself was the cause. */
  readonly account_id: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface AuditPage {
  /** The newest first. */
  readonly items: readonly AuditEntry[];
  readonly next: string | null;
}

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
