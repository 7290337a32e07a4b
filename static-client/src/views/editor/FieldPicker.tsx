import Textfield from '@atlaskit/textfield';
import { type KeyboardEvent, useId, useMemo, useState } from 'react';
import type { FieldMetadata } from '../../engine/protocol';
import { kindName } from './choices';
import { findFields } from './find-fields';

interface FieldPickerProps {
  readonly label: string;
  readonly fields: readonly FieldMetadata[];
  readonly onPick: (field: FieldMetadata) => void;
  readonly onClose: () => void;
}

/** A searchable list of the site's fields with their kinds (a combobox whose list is always open). */
export function FieldPicker({ label, fields, onPick, onClose }: FieldPickerProps) {
  const [search, setSearch] = useState('');
  const [active, setActive] = useState(0);
  const id = useId();
  const { found, more } = useMemo(() => findFields(fields, search), [fields, search]);
  const press = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const field = found[active];
    if (step) {
      event.preventDefault();
      setActive(Math.max(0, Math.min(active + step, found.length - 1)));
      document.getElementById(`${id}-${active + step}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter' && field) {
      event.preventDefault();
      onPick(field);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      onClose();
    }
  };
  return (
    <div className="field-picker">
      <Textfield
        autoFocus
        role="combobox"
        aria-label={label}
        aria-expanded={true}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={found.length > 0 ? `${id}-${active}` : undefined}
        placeholder="Search fields"
        value={search}
        onChange={(event) => {
          setSearch(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={press}
      />
      <div id={`${id}-list`} role="listbox" aria-label={label} className="field-list">
        {found.map((field, position) => (
          <FieldOption
            key={field.id}
            id={`${id}-${position}`}
            field={field}
            active={position === active}
            onPick={() => onPick(field)}
          />
        ))}
      </div>
      {found.length === 0 && <p className="hint">No field is called that.</p>}
      {more > 0 && <p className="hint">and {more} more; type to narrow down</p>}
    </div>
  );
}

interface FieldOptionProps {
  readonly id: string;
  readonly field: FieldMetadata;
  readonly active: boolean;
  readonly onPick: () => void;
}

function FieldOption({ id, field, active, onPick }: FieldOptionProps) {
  return (
    <button
      type="button"
      id={id}
      role="option"
      aria-selected={active}
      tabIndex={-1}
      className="field-option"
      onClick={onPick}
    >
      <span className="clipped" title={field.id}>
        {field.name}
      </span>
      <span className="field-kind">{kindName(field)}</span>
    </button>
  );
}
