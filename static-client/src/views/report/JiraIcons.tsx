/** Icons of priorities and issue types: Jira's own picture where there is one, else a plain drawing. */

interface IconProps {
  readonly name: string;
  readonly url?: string | undefined;
}

function Picture({ url }: { readonly url: string }) {
  return <img className="jira-icon" src={url} alt="" decoding="async" referrerPolicy="no-referrer" />;
}

const ARROWS: Readonly<Record<string, readonly [string, string]>> = {
  blocker: ['M3 8h10', 'danger'],
  critical: ['M4 8l4-4 4 4M4 12l4-4 4 4', 'danger'],
  highest: ['M4 8l4-4 4 4M4 12l4-4 4 4', 'danger'],
  high: ['M4 10l4-4 4 4', 'danger'],
  major: ['M4 10l4-4 4 4', 'danger'],
  medium: ['M4 6.500h8M4 9.500h8', 'warning'],
  normal: ['M4 6.500h8M4 9.500h8', 'warning'],
  minor: ['M4 6l4 4 4-4', 'information'],
  low: ['M4 6l4 4 4-4', 'information'],
  lowest: ['M4 4l4 4 4-4M4 8l4 4 4-4', 'information'],
  trivial: ['M4 4l4 4 4-4M4 8l4 4 4-4', 'information'],
};

export function PriorityIcon({ name, url }: IconProps) {
  if (url?.startsWith('https://')) {
    return <Picture url={url} />;
  }
  const [path, tone] = ARROWS[name.toLowerCase()] ?? ['M5 8h6', 'subtle'];
  return (
    <svg className={`jira-icon stroke-${tone}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}

const TYPE_TONES: Readonly<Record<string, string>> = {
  bug: 'danger',
  epic: 'discovery',
  story: 'success',
  improvement: 'success',
  'new feature': 'success',
};

export function IssueTypeIcon({ name, url, subtask }: IconProps & { readonly subtask: boolean }) {
  if (url?.startsWith('https://')) {
    return <Picture url={url} />;
  }
  const tone = TYPE_TONES[name.toLowerCase()] ?? 'information';
  return (
    <svg className={`jira-icon fill-${tone}`} viewBox="0 0 16 16" aria-hidden="true">
      <rect x="1" y="1" width="14" height="14" rx="3" />
      {subtask ? (
        <path d="M4.500 4.500h4v4h-4zM8.500 8.500h3v3h-3z" />
      ) : (
        <path
          d={
            name.toLowerCase() === 'bug'
              ? 'M5 8a3 3 0 1 0 6 0a3 3 0 1 0 -6 0'
              : 'M4.500 8l2.500 2.500 4.500-5'
          }
        />
      )}
    </svg>
  );
}
