import { expect, test } from 'vitest';
import { ask, type Bridge, BridgeMissing, findBridge } from './bridge';

type Page = Parameters<typeof findBridge>[0];

test('a page that nothing frames is outside of Jira', () => {
  const page = {} as { parent?: unknown };
  page.parent = page;
  expect(() => findBridge(page as Page)).toThrow(expect.objectContaining({ reason: 'outside' }));
});

test('a framed page without the bridge lacks its script', () => {
  expect(() => findBridge({ parent: {} } as Page)).toThrow(expect.objectContaining({ reason: 'script' }));
});

test('a framed page with the bridge has it', () => {
  const AP = { context: {} } as Bridge;
  expect(findBridge({ parent: {}, AP } as Page)).toBe(AP);
});

test('a question is answered once', async () => {
  expect(await ask<string>((callback) => callback('answer'), 'x')).toBe('answer');
});

test('a question that nobody answers says so', async () => {
  const asked = ask<string>(() => undefined, 'a token', 0.02);
  await expect(asked).rejects.toBeInstanceOf(BridgeMissing);
  await expect(asked).rejects.toThrow('a token');
});
