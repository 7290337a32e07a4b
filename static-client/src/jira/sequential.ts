import type { Caller } from './caller';
import type { Collector } from './collector';
import { type SearchRequest, searchPage } from './search';

/**
 * Pages a query to its end after the first page. Says what is missing: Jira's cursor can be lost, and a query
 * that cannot be narrowed cannot be begun anew in its middle.
 */
export async function loadSequentially(
  caller: Caller,
  collector: Collector,
  search: SearchRequest,
  firstToken: string | undefined,
): Promise<readonly string[]> {
  const seen = new Set<string>();
  let token = firstToken;
  try {
    while (token !== undefined && !seen.has(token)) {
      seen.add(token);
      const page = await searchPage(caller, { ...search, token });
      collector.take(page.issues);
      if (page.isLast === true || (page.isLast === undefined && page.token === undefined)) return [];
      token = page.token;
    }
  } catch (error) {
    caller.signal?.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    return [`issues after the first ${collector.progress.loaded} (${reason.replace(/\.$/, '')})`];
  }
  return [`issues after the first ${collector.progress.loaded} (Jira lost its place)`];
}
