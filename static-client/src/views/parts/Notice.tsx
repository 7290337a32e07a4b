import ErrorIcon from '@atlaskit/icon/core/status-error';
import InformationIcon from '@atlaskit/icon/core/status-information';
import CheckIcon from '@atlaskit/icon/core/status-success';
import WarningIcon from '@atlaskit/icon/core/status-warning';
import type { ReactNode } from 'react';

export type Tone = 'information' | 'success' | 'warning' | 'danger';

const ICONS = {
  information: { Icon: InformationIcon, label: 'Information' },
  success: { Icon: CheckIcon, label: 'Success' },
  warning: { Icon: WarningIcon, label: 'Warning' },
  danger: { Icon: ErrorIcon, label: 'Error' },
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
