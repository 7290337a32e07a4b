/** One table of the server's public statement of what is stored. */
export interface StoredTable {
  readonly table: string;
  readonly what: string;
  readonly personal: string;
  readonly kept: string;
}

/** The statement itself, so that the page cannot say anything else than the database's own list. */
export async function readStoredTables(signal: AbortSignal): Promise<readonly StoredTable[]> {
  const answer = await fetch('/data-storage', { headers: { Accept: 'application/json' }, signal });
  if (!answer.ok) {
    throw new Error(`The statement could not be read (status ${answer.status}).`);
  }
  const { items } = (await answer.json()) as { readonly items: readonly StoredTable[] };
  return items;
}
