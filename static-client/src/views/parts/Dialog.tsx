import Button from '@atlaskit/button/default/button';
import { type ReactNode, useEffect, useId, useRef } from 'react';

interface DialogAction {
  readonly label: string;
  readonly appearance: 'primary' | 'warning' | 'danger' | 'default';
  readonly run: () => void;
}

interface DialogProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly actions: readonly DialogAction[];
  /** The label of the way out that changes nothing; Escape takes it too. */
  readonly cancel?: string;
  readonly onCancel: () => void;
}

/** A question that has to be answered first. The browser's own dialog keeps the focus inside. */
export function Dialog({ title, children, actions, cancel = 'Cancel', onCancel }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    element.current?.showModal();
  }, []);
  return (
    <dialog
      ref={element}
      className="dialog"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onCancel();
      }}
    >
      <h2 id={titleId}>{title}</h2>
      <div className="dialog-body">{children}</div>
      <div className="dialog-actions">
        <Button appearance="subtle" onClick={onCancel}>
          {cancel}
        </Button>
        {actions.map(({ label, appearance, run }) => (
          <Button key={label} appearance={appearance} onClick={run}>
            {label}
          </Button>
        ))}
      </div>
    </dialog>
  );
}
