import '@atlaskit/css-reset';
import 'virtual:atlassian-themes.css';
import '../styles/base.css';
import '../styles/parts.css';
import '../styles/form.css';
import { type ComponentType, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { findBridge } from '../../host/bridge';
import { connectHost } from '../../host/connect';
import { createServer } from '../../server/server';
import { People } from '../people/people';
import { type App, AppContext } from './app';
import { Boundary } from './Boundary';
import { BusyLine } from './BusyLine';
import { NoHost } from './NoHost';

/** Connects with Jira, then shows the page; without Jira says so and what to do. */
export async function mount(Page: ComponentType): Promise<void> {
  const element = document.getElementById('app');
  if (!element) {
    throw new Error('The document has no element "app".');
  }
  const root = createRoot(element);
  try {
    const app = await connect();
    root.render(
      <StrictMode>
        <Boundary>
          <AppContext.Provider value={app}>
            <BusyLine />
            <Page />
          </AppContext.Provider>
        </Boundary>
      </StrictMode>,
    );
  } catch (error) {
    root.render(<NoHost error={error} />);
  }
}

async function connect(): Promise<App> {
  const host = await connectHost(findBridge(window));
  host.onColorMode((mode) => {
    if (document.documentElement.dataset.colorMode !== mode) {
      document.documentElement.dataset.colorMode = mode;
    }
  });
  return { host, user: await host.user(), server: createServer(host), people: new People(host) };
}
