import type { ReactNode } from 'react';

interface EmptyStateProps {
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

export function EmptyState({ title, children, action }: EmptyStateProps) {
  return (
    <div className="empty-state">
      <svg className="empty-picture" viewBox="0 0 120 80" aria-hidden="true">
        <rect x="8" y="8" width="104" height="64" rx="4" className="empty-sheet" />
        <rect x="20" y="22" width="40" height="6" rx="3" className="empty-line" />
        <rect x="28" y="38" width="56" height="6" rx="3" className="empty-line" />
        <rect x="28" y="54" width="44" height="6" rx="3" className="empty-line" />
        <rect x="88" y="38" width="14" height="6" rx="3" className="empty-mark" />
        <rect x="88" y="54" width="14" height="6" rx="3" className="empty-mark" />
      </svg>
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {action}
    </div>
  );
}
