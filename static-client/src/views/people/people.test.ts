import { expect, test } from 'vitest';
import type { JiraRequest } from '../../host/host';
import { People } from './people';

function site(known: Readonly<Record<string, string>>, status = 200) {
  const asked: string[] = [];
  const request = async ({ path }: JiraRequest) => {
    asked.push(path);
    const accounts = new URL(path, 'https://x').searchParams.getAll('accountId');
    const values = accounts
      .filter((accountId) => known[accountId])
      .map((accountId) => ({
        accountId,
        displayName: known[accountId],
        avatarUrls: { '24x24': 'https://a/b' },
      }));
    return { status, headers: {}, body: { values } };
  };
  return { asked, host: { request } };
}
const told = (people: People) => new Promise<void>((resolve) => people.subscribe(resolve));

test('accounts seen in the same moment are asked for in one call, once', async () => {
  const { asked, host } = site({ 'a:1': 'Ada', b: 'Ben' });
  const people = new People(host);
  expect([people.find('a:1'), people.find('b'), people.find('a:1')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
  await told(people);
  expect(people.find('a:1')).toEqual({ accountId: 'a:1', name: 'Ada', avatarUrl: 'https://a/b' });
  expect(people.find('b')?.name).toBe('Ben');
  expect(asked).toEqual(['/rest/api/3/user/bulk?maxResults=100&accountId=a%3A1&accountId=b']);
});

test('many accounts are asked for in batches', async () => {
  const { asked, host } = site({});
  const people = new People(host);
  for (let index = 0; index < 230; index += 1) {
    people.find(`id${index}`);
  }
  await told(people);
  expect(asked).toHaveLength(3);
});

test('accounts that Jira does not tell about stay unknown and are not asked for again', async () => {
  const { asked, host } = site({}, 403);
  const people = new People(host);
  people.find('gone');
  await told(people);
  expect(people.find('gone')).toBeUndefined();
  expect(asked).toHaveLength(1);
});
