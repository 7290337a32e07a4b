/**
 * The part of Connect's `AP` that Sightline uses, and how it is found. Atlassian's script is loaded by the
 * page itself (`<script id="ac-iframe-options" src="/connect.js" defer>`): deferred scripts and modules run
 * in document order, so when this module runs the script has either defined `AP` or failed.
 */

/** What `AP.request` hands back beside the body; functions do not survive every version of the bridge. */
export interface BridgeXhr {
  readonly status?: number;
  readonly statusText?: string;
  readonly responseText?: string;
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly getAllResponseHeaders?: () => string;
  readonly getResponseHeader?: (name: string) => string | null;
}

export interface BridgeRequest {
  readonly url: string;
  readonly type: string;
  readonly data?: string;
  readonly contentType?: string;
}

/** <https://developer.atlassian.com/cloud/jira/platform/about-the-connect-javascript-api/> */
export interface Bridge {
  request(options: BridgeRequest): Promise<{ readonly body: unknown; readonly xhr?: BridgeXhr }>;
  readonly env: { getLocation(callback: (location: string) => void): void };
  readonly context: {
    getToken(callback: (token: string) => void): void;
    getContext(callback: (context: unknown) => void): void;
  };
  readonly user: {
    getCurrentUser(callback: (user: { readonly atlassianAccountId?: string }) => void): void;
    getTimeZone(callback: (zone: string) => void): void;
    getLocale(callback: (locale: string) => void): void;
  };
  readonly history?: {
    getState(type: 'hash', callback: (state: string) => void): void;
    pushState(state: string): void;
    replaceState(state: string): void;
    popState(callback: (event: unknown) => void): void;
  };
  readonly navigator: { go(target: string, context: Readonly<Record<string, string>>): void };
  readonly theming?: { initializeTheming(): void };
}

/** The page has no Jira around it, or Jira's script did not come. `message` is for the person reading. */
export class BridgeMissing extends Error {
  constructor(
    readonly reason: 'outside' | 'script' | 'silent',
    message: string,
  ) {
    super(message);
    this.name = 'BridgeMissing';
  }
}

/**
 * The bridge of the page that frames this window.
 * @throws BridgeMissing when there is no frame, or Atlassian's script did not load.
 */
export function findBridge(page: Window & { readonly AP?: Bridge }): Bridge {
  if (page.parent === page) {
    throw new BridgeMissing('outside', 'Sightline runs inside Jira.');
  }
  if (!page.AP?.context) {
    throw new BridgeMissing('script', 'The script that connects Sightline with Jira could not be loaded.');
  }
  return page.AP;
}

/**
 * Turns one call with a callback into a promise.
 * @throws BridgeMissing when Jira has not called back after `seconds`.
 */
export function ask<Answer>(
  call: (callback: (answer: Answer) => void) => void,
  what: string,
  seconds = 20,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const deadline = setTimeout(
      () => reject(new BridgeMissing('silent', `Jira did not answer the question for ${what}.`)),
      seconds * 1000,
    );
    const settle = (answer: Answer) => {
      clearTimeout(deadline);
      resolve(answer);
    };
    call(settle);
  });
}
