import { useApp } from '../shell/app';

const SAFE_SCHEMES = new Set(['http:', 'https:', 'mailto:']);

/** The address that a text consists of, if it is one that may be a link: http, https or mailto. */
export function linkOf(text: string): string | undefined {
  if (!/^(https?:\/\/|mailto:)\S+$/i.test(text)) {
    return undefined;
  }
  try {
    const address = new URL(text);
    return SAFE_SCHEMES.has(address.protocol) ? address.href : undefined;
  } catch {
    return undefined;
  }
}

/** Opens the issue in Jira's own window; with a modifier key in a new tab, as any link. */
export function IssueLink({ issueKey }: { readonly issueKey: string }) {
  const { siteUrl } = useApp().host;
  return (
    <a
      className="issue-link"
      href={`${siteUrl}/browse/${encodeURIComponent(issueKey)}`}
      target="_top"
      rel="noopener"
      tabIndex={-1}
    >
      {issueKey}
    </a>
  );
}
