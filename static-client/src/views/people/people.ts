import type { JiraHost } from '../../host/host';

export interface Person {
  readonly accountId: string;
  readonly name: string;
  readonly avatarUrl?: string;
}

/** Jira answers at most so many accounts a call. */
const BATCH = 100;

/**
 * Names and pictures of accounts, asked of Jira when needed and kept in memory only. Accounts that are asked
 * for in the same moment share a call; one that Jira does not tell about stays unknown.
 */
export class People {
  private readonly known = new Map<string, Person | undefined>();
  private readonly listeners = new Set<() => void>();
  private wanted = new Set<string>();
  private revision = 0;

  constructor(private readonly host: Pick<JiraHost, 'request'>) {}

  /** What is known now; asks Jira about an account seen for the first time. */
  find(accountId: string): Person | undefined {
    if (accountId && !this.known.has(accountId)) {
      this.known.set(accountId, undefined);
      if (this.wanted.size === 0) {
        queueMicrotask(() => void this.ask());
      }
      this.wanted.add(accountId);
    }
    return this.known.get(accountId);
  }

  /** Changes whenever somebody has become known. */
  readonly snapshot = (): number => this.revision;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private async ask(): Promise<void> {
    const accounts = [...this.wanted];
    this.wanted = new Set();
    for (let from = 0; from < accounts.length; from += BATCH) {
      const answer = await this.askBatch(accounts.slice(from, from + BATCH));
      for (const person of answer) {
        this.known.set(person.accountId, person);
      }
    }
    this.revision += 1;
    for (const listener of this.listeners) {
      listener();
    }
  }

  private async askBatch(accounts: readonly string[]): Promise<Person[]> {
    const query = accounts.map((account) => `accountId=${encodeURIComponent(account)}`).join('&');
    try {
      const { status, body } = await this.host.request({
        path: `/rest/api/3/user/bulk?maxResults=${BATCH}&${query}`,
      });
      const values = (body as { readonly values?: unknown } | null)?.values;
      return status === 200 && Array.isArray(values) ? values.map(personOf) : [];
    } catch {
      return [];
    }
  }
}

function personOf(user: {
  readonly accountId: string;
  readonly displayName?: string;
  readonly avatarUrls?: Readonly<Record<string, string>>;
}): Person {
  const avatarUrl = user.avatarUrls?.['24x24'] ?? user.avatarUrls?.['48x48'];
  return {
    accountId: user.accountId,
    name: user.displayName ?? 'Unknown person',
    ...(avatarUrl ? { avatarUrl } : {}),
  };
}
