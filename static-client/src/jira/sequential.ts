import type { Caller } from './caller';
import type { Collector } from './collector';
import { Cursor, isLast, type Page, type SearchRequest, searchPage } from './search';

/**
 * Pages a query to its end after the first page. Says what is missing: Jira's cursor can be lost, and a query
 * that cannot be narrowed cannot be begun anew in its middle.
 */
export async function loadSequentially(
  caller: Caller,
  collector: Collector,
  search: SearchRequest,
  first: Page,
): Promise<readonly string[]> {
  const cursor = new Cursor();
  try {
    for (let token = cursor.after(first); token !== undefined; ) {
      const page = await searchPage(caller, { ...search, token });
      collector.take(page.issues);
      if (isLast(page)) return [];
      token = cursor.after(page);
    }
  } catch (error) {
    caller.signal?.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    return [`issues after the first ${collector.progress.loaded} (${reason.replace(/\.$/, '')})`];
  }
  return [`issues after the first ${collector.progress.loaded} (Jira lost its place)`];
}
