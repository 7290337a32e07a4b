import { ask, type Bridge } from './bridge';
import type { HostHistory } from './host';

/** Pages that are not full pages (a dashboard item) have no history; theirs lives in memory. */
export async function connectHistory(bridge: Bridge): Promise<HostHistory> {
  const { history } = bridge;
  const listeners = new Set<(state: string) => void>();
  let state = '';
  if (history) {
    state = await initialState(history);
    history.popState((event) => {
      state = stateOf(event);
      for (const listener of listeners) {
        listener(state);
      }
    });
  }
  const change = (next: string, tell: ((state: string) => void) | undefined) => {
    state = next;
    tell?.(next);
  };
  return {
    current: () => state,
    push: (next) => change(next, history && ((value) => history.pushState(value))),
    replace: (next) => change(next, history && ((value) => history.replaceState(value))),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** A page whose history does not answer starts at its beginning instead of not at all. */
async function initialState(history: NonNullable<Bridge['history']>): Promise<string> {
  try {
    return stateOf(await ask<unknown>((callback) => history.getState('hash', callback), 'the page', 5));
  } catch {
    return '';
  }
}

/** Jira writes an add-on's state as `#!state`; events name the whole address, the fragment or the state. */
function stateOf(event: unknown): string {
  if (typeof event === 'string') {
    return event.slice(event.lastIndexOf('#') + 1).replace(/^!/, '');
  }
  const { newURL, hash, state } = (event ?? {}) as Record<string, unknown>;
  const address = [newURL, hash, state].find((part) => typeof part === 'string');
  return typeof address === 'string' ? stateOf(address) : '';
}
