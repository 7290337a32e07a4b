import { formatRoute, type Route } from './route';

/** Where Jira shows the add-on's own pages. */
export interface PageAddress {
  /** The full page, at the given place of ours; for links into Jira's own window. */
  of(route: Route): string;
  /** The page "Data & privacy". */
  readonly privacy: string;
}

interface Module {
  readonly key: string;
}

interface Descriptor {
  readonly key: string;
  readonly modules: {
    readonly generalPages?: readonly Module[];
    readonly adminPages?: readonly Module[];
  };
}

/** Reads the descriptor that Jira was given, as the add-on's key and its page's are settings of the server. */
export async function pageAddress(siteUrl: string, signal: AbortSignal): Promise<PageAddress> {
  const response = await fetch('/atlassian-connect.json', { signal, credentials: 'omit' });
  if (!response.ok) {
    throw new Error(`The Sightline server did not tell its address in Jira (${response.status}).`);
  }
  const { key, modules } = (await response.json()) as Descriptor;
  const at = (pages: readonly Module[] = []) =>
    `${siteUrl}/plugins/servlet/ac/${encodeURIComponent(key)}/${pages[0]?.key ?? ''}`;
  const page = at(modules.generalPages);
  return {
    privacy: at(modules.adminPages),
    of: (route) => {
      const state = formatRoute(route);
      return state ? `${page}#!${state}` : page;
    },
  };
}
