interface ChoiceProps<Value extends string> {
  readonly id?: string;
  readonly label?: string;
  readonly value: Value;
  readonly options: readonly { readonly value: Value; readonly label: string; readonly disabled?: boolean }[];
  readonly onChange: (value: Value) => void;
  readonly describedBy?: string | undefined;
  readonly invalid?: boolean;
}

/** One of a few fixed values: the browser's own select in Atlassian's dress. */
export function Choice<Value extends string>(props: ChoiceProps<Value>) {
  return (
    <span className="choice">
      <select
        id={props.id}
        aria-label={props.label}
        aria-describedby={props.describedBy}
        aria-invalid={props.invalid || undefined}
        value={props.value}
        onChange={(event) => props.onChange(event.target.value as Value)}
      >
        {props.options.map(({ value, label, disabled }) => (
          <option key={value} value={value} disabled={disabled ?? false}>
            {label}
          </option>
        ))}
      </select>
    </span>
  );
}
