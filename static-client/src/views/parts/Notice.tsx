import type { ReactNode } from 'react';
import { StatusErrorIcon, StatusInformationIcon, StatusSuccessIcon, StatusWarningIcon } from './icons';

type Tone = 'information' | 'success' | 'warning' | 'danger';

const ICONS = {
  information: { Icon: StatusInformationIcon, label: 'Information' },
  success: { Icon: StatusSuccessIcon, label: 'Success' },
  warning: { Icon: StatusWarningIcon, label: 'Warning' },
  danger: { Icon: StatusErrorIcon, label: 'Error' },
} as const;

interface NoticeProps {
  readonly tone: Tone;
  readonly title?: string;
  readonly children?: ReactNode;
}

/** A message in the flow of the page; problems are announced to screen readers at once. */
export function Notice({ tone, title, children }: NoticeProps) {
  const { Icon, label } = ICONS[tone];
  const urgent = tone === 'danger' || tone === 'warning';
  return (
    <section className={`notice notice-${tone}`} role={urgent ? 'alert' : 'status'}>
      <span className="notice-icon">
        <Icon label={label} color="currentColor" />
      </span>
      <div className="notice-body">
        {title && <h2>{title}</h2>}
        {children}
      </div>
    </section>
  );
}
