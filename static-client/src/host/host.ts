/**
 * Everything that the client asks of the page it is embedded in. Two implementations, Connect (`AP`) and
 * Forge (`@forge/bridge`), pass one conformance suite; nothing else in the client touches a bridge.
 */

/** A call to Jira's REST API with the rights of the person in front of the screen. */
export interface JiraRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Path and query from the site's root, e.g. `/rest/api/3/field`. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** Jira's answer, whatever its status; header names are in lower case. */
export interface JiraResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed JSON, or the text where it is none. */
  readonly body: unknown;
}

export interface HostUser {
  readonly accountId: string;
  /** IANA zone of the person's Jira profile. */
  readonly timeZone: string;
  /** BCP 47, e.g. `en-GB`. */
  readonly locale: string;
}

/** Where in Jira the page was opened. */
export interface HostContext {
  readonly projectKey?: string;
  readonly dashboardId?: string;
  readonly dashboardItemId?: string;
}

/** Part of the host's own address that survives a reload and can be sent as a link. Never holds issue data. */
export interface HostHistory {
  current(): string;
  push(state: string): void;
  replace(state: string): void;
  /** Returns a function that stops listening. */
  onChange(listener: (state: string) => void): () => void;
}

export type ColorMode = 'light' | 'dark';

export interface JiraHost {
  readonly kind: 'connect' | 'forge';
  /**
   * Rejects only when the call got no answer (network, bridge) or was aborted (`AbortError`);
   * an HTTP error status is an answer.
   */
  request(request: JiraRequest): Promise<JiraResponse>;
  /** The `Authorization` header for one call to our own API; asked for anew each time, never stored. */
  authorization(): Promise<string>;
  user(): Promise<HostUser>;
  context(): Promise<HostContext>;
  readonly history: HostHistory;
  /** Opens an issue of this site in the host's own window. */
  openIssue(issueKey: string): void;
  /** The site's address for links, without a trailing slash; links open in the top window. */
  readonly siteUrl: string;
  /** Calls back at once and at every change. Returns a function that stops listening. */
  onColorMode(listener: (mode: ColorMode) => void): () => void;
}
