import type { JiraHost, JiraResponse } from '../../host/host';

/** What Jira says of a query: accepted with an approximate count, or refused in its own words. */
export type QueryCheck =
  | { readonly state: 'accepted'; readonly count?: number }
  | { readonly state: 'refused'; readonly messages: readonly string[] }
  | { readonly state: 'unknown'; readonly reason: string };

/** Asks Jira to parse the query strictly, then for the approximate count. */
export async function checkQuery(
  host: Pick<JiraHost, 'request'>,
  jql: string,
  signal: AbortSignal,
): Promise<QueryCheck> {
  const parse = await host.request({
    method: 'POST',
    path: '/rest/api/3/jql/parse?validation=strict',
    body: { queries: [jql] },
    signal,
  });
  const refused = refusalOf(parse) ?? parseErrors(parse.body);
  if (refused) {
    return refused;
  }
  const path = '/rest/api/3/search/approximate-count';
  const counted = await host.request({ method: 'POST', path, body: { jql }, signal });
  const { count } = (counted.body ?? {}) as { readonly count?: unknown };
  return refusalOf(counted) ?? { state: 'accepted', ...(typeof count === 'number' ? { count } : {}) };
}

function refusalOf({ status, body }: JiraResponse): QueryCheck | undefined {
  if (status === 200) {
    return undefined;
  }
  const messages = (body as { readonly errorMessages?: unknown } | null)?.errorMessages;
  if (status === 400 && Array.isArray(messages) && messages.length > 0) {
    return { state: 'refused', messages: messages.map(String) };
  }
  return { state: 'unknown', reason: `Jira could not check the query just now (${status}).` };
}

function parseErrors(body: unknown): QueryCheck | undefined {
  const { queries } = (body ?? {}) as { readonly queries?: readonly { readonly errors?: unknown }[] };
  const errors = queries?.[0]?.errors;
  return Array.isArray(errors) && errors.length > 0
    ? { state: 'refused', messages: errors.map(String) }
    : undefined;
}
