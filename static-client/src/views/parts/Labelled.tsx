import { type ReactNode, useId } from 'react';

interface Described {
  readonly id: string;
  readonly describedBy: string | undefined;
  readonly invalid: boolean;
}

interface LabelledProps {
  readonly label: string;
  readonly hint?: ReactNode;
  /** What is wrong with the value, from the server or from Jira. */
  readonly faults?: readonly string[];
  readonly required?: boolean;
  readonly children: (described: Described) => ReactNode;
}

/** A form field with its label, hint and faults, tied together for assistive technology. */
export function Labelled({ label, hint, faults = [], required, children }: LabelledProps) {
  const id = useId();
  const invalid = faults.length > 0;
  const noteId = `${id}-note`;
  return (
    <div className="labelled">
      <label htmlFor={id}>
        {label}
        {required && (
          <span className="required" aria-hidden="true">
            {' *'}
          </span>
        )}
      </label>
      {children({ id, describedBy: invalid || hint ? noteId : undefined, invalid })}
      <div id={noteId}>
        {faults.map((fault) => (
          <p key={fault} className="fault" role="alert">
            {fault}
          </p>
        ))}
        {!invalid && hint && <div className="hint">{hint}</div>}
      </div>
    </div>
  );
}
