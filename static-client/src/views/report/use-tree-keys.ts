import { type KeyboardEvent, useState } from 'react';
import { useApp } from '../shell/app';
import { type Place, treeAction } from './tree-keys';

interface TreeKeys {
  /** The row that keys act on; the grid itself keeps the focus, as rows come and go. */
  readonly active: number;
  activate(index: number): void;
  press(event: KeyboardEvent<HTMLElement>): void;
}

/** Moves through the tree grid by keys. */
export function useTreeKeys(
  place: Omit<Place, 'active'>,
  toggle: (path: string) => void,
  tellApart: (path: string) => void,
  scrollTo: (index: number) => void,
): TreeKeys {
  const { host } = useApp();
  const [chosen, activate] = useState(0);
  const active = Math.min(chosen, Math.max(place.rowCount - 1, 0));
  const press = (event: KeyboardEvent<HTMLElement>) => {
    const own = event.target === event.currentTarget || event.target instanceof HTMLAnchorElement;
    const modified = event.altKey || event.ctrlKey || event.metaKey;
    const action = own && !modified ? treeAction(event.key, { ...place, active }) : undefined;
    if (!action) {
      return;
    }
    event.preventDefault();
    if (action.do === 'move') {
      activate(action.to);
      scrollTo(action.to);
    } else if (action.do === 'toggle') {
      toggle(action.path);
    } else if (action.do === 'tell apart') {
      tellApart(action.path);
    } else {
      host.openIssue(action.issueKey);
    }
  };
  return { active, activate, press };
}
