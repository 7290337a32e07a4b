import { expect, test } from 'vitest';
import type { Bridge } from './bridge';
import { connectHistory } from './connect-history';

/** A host page with a fragment, as `AP.history` shows it. */
function page(start: string) {
  const told: string[] = [];
  let listener: (event: unknown) => void = () => undefined;
  const history: Bridge['history'] = {
    getState: (_, callback) => callback(start),
    pushState: (state) => told.push(`push ${state}`),
    replaceState: (state) => told.push(`replace ${state}`),
    popState: (callback) => {
      listener = callback;
    },
  };
  return { told, bridge: { history } as unknown as Bridge, back: (event: unknown) => listener(event) };
}

test.each([
  ['report/1', 'report/1'],
  ['!report/1', 'report/1'],
  ['https://acme.atlassian.net/x#!report/1', 'report/1'],
  ['', ''],
])('the state %s at the start is %s', async (start, state) => {
  expect((await connectHistory(page(start).bridge)).current()).toBe(state);
});

test('own steps are told to the host and not to the listeners', async () => {
  const { bridge, told } = page('');
  const history = await connectHistory(bridge);
  const heard: string[] = [];
  history.onChange((state) => heard.push(state));
  history.push('report/1');
  history.replace('report/1/all');
  expect(told).toEqual(['push report/1', 'replace report/1/all']);
  expect(history.current()).toBe('report/1/all');
  expect(heard).toEqual([]);
});

test.each([[{ newURL: 'https://a/b#!new' }], [{ hash: '!new' }], [{ state: 'new' }], ['new']])(
  'the browser’s own step %o is heard until the listener goes',
  async (event) => {
    const { bridge, back } = page('report/1');
    const history = await connectHistory(bridge);
    const heard: string[] = [];
    const stop = history.onChange((state) => heard.push(state));
    back(event);
    stop();
    back({ newURL: 'https://a/b#!other' });
    expect(heard).toEqual(['new']);
    expect(history.current()).toBe('other');
  },
);

test('a page without history keeps its place in memory', async () => {
  const history = await connectHistory({} as Bridge);
  history.push('report/2');
  expect(history.current()).toBe('report/2');
});
