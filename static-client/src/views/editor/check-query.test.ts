import { expect, test } from 'vitest';
import type { JiraRequest, JiraResponse } from '../../host/host';
import { checkQuery } from './check-query';

/** A Jira that answers the two questions of a check. */
function jira(parse: Partial<JiraResponse>, count: Partial<JiraResponse> = {}) {
  const asked: JiraRequest[] = [];
  const request = async (call: JiraRequest): Promise<JiraResponse> => {
    asked.push(call);
    const answer = call.path.includes('/jql/parse') ? parse : count;
    return { status: 200, headers: {}, body: {}, ...answer };
  };
  return { asked, host: { request } };
}
const check = (site: ReturnType<typeof jira>) => checkQuery(site.host, 'a = b', new AbortController().signal);

test('an accepted query comes with its approximate count', async () => {
  const site = jira({ body: { queries: [{ query: 'a = b', structure: {} }] } }, { body: { count: 4900 } });
  expect(await check(site)).toEqual({ state: 'accepted', count: 4900 });
  expect(site.asked.map(({ path, body }) => [path, body])).toEqual([
    ['/rest/api/3/jql/parse?validation=strict', { queries: ['a = b'] }],
    ['/rest/api/3/search/approximate-count', { jql: 'a = b' }],
  ]);
});

test("a refused query comes with Jira's words, and no count is asked for", async () => {
  const site = jira({ body: { queries: [{ query: 'a', errors: ['Error in the JQL Query'] }] } });
  expect(await check(site)).toEqual({ state: 'refused', messages: ['Error in the JQL Query'] });
  expect(site.asked).toHaveLength(1);
});

test('a query that only the search refuses is refused too', async () => {
  const site = jira(
    { body: { queries: [{}] } },
    { status: 400, body: { errorMessages: ['Unbounded JQL queries are not allowed here.'] } },
  );
  expect(await check(site)).toEqual({
    state: 'refused',
    messages: ['Unbounded JQL queries are not allowed here.'],
  });
});

test('a Jira that is busy neither accepts nor refuses', async () => {
  expect(await check(jira({ status: 429, body: '' }))).toMatchObject({ state: 'unknown' });
});
