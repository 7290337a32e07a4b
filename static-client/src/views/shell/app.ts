import { createContext, useContext } from 'react';
import type { HostUser, JiraHost } from '../../host/host';
import type { Server } from '../../server/server';
import type { People } from '../people/people';

/** What every view may use. */
export interface App {
  readonly host: JiraHost;
  readonly server: Server;
  readonly people: People;
  readonly user: HostUser;
}

export const AppContext = createContext<App | null>(null);

export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) {
    throw new Error('A view was rendered outside of the app.');
  }
  return app;
}
