import type { HostUser, JiraHost, JiraRequest, JiraResponse } from '../../src/host/host';

/** Whose session, on which site, for which app. */
export interface Session {
  readonly site: string;
  readonly account: string;
  readonly app: string;
  readonly timeZone: string;
}

/** A site's REST API as the page of an app reaches it through the host page: by session and app key. */
export class SiteHost implements JiraHost {
  readonly kind = 'connect';
  readonly siteUrl: string;
  readonly history = { current: () => '', push() {}, replace() {}, onChange: () => () => {} };
  /** Milliseconds that each answered call took. */
  readonly times: number[] = [];

  constructor(readonly session: Session) {
    this.siteUrl = session.site;
  }

  async request({ method = 'GET', path, body, signal }: JiraRequest): Promise<JiraResponse> {
    const { site, account, app } = this.session;
    const began = performance.now();
    const response = await fetch(`${site}${path}`, {
      method,
      headers: {
        Cookie: `demo.account=${account}`,
        'X-Addon-Key': app,
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });
    const text = await response.text();
    this.times.push(performance.now() - began);
    return { status: response.status, headers: Object.fromEntries(response.headers), body: parse(text) };
  }

  user(): Promise<HostUser> {
    const { account, timeZone } = this.session;
    return Promise.resolve({ accountId: account, timeZone, locale: 'en' });
  }

  context(): Promise<Record<string, never>> {
    return Promise.resolve({});
  }

  authorization(): Promise<string> {
    return Promise.resolve('');
  }

  openIssue(): void {}

  onColorMode(): () => void {
    return () => {};
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
