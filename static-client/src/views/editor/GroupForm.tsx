import Textfield from '@atlaskit/textfield';
import type { Group } from '../../definition';
import type { FieldKind } from '../../engine/protocol';
import { Choice } from '../parts/Choice';
import { Labelled } from '../parts/Labelled';
import { byOptions, DIRECTION_OPTIONS, EMPTY_OPTIONS, fieldOf, type Option, VALUES_OPTIONS } from './choices';
import { pruned, withItem } from './draft';
import type { Editing } from './editing';
import { faultsBeside, faultsUnder } from './faults';
import { ItemHead } from './ItemHead';

interface GroupFormProps {
  readonly editing: Editing;
  readonly index: number;
  readonly group: Group;
}

const SHOWN = ['by', 'step', 'values', 'direction', 'empty'];

export function GroupForm({ editing, index, group }: GroupFormProps) {
  const { draft, fields, faults, change } = editing;
  const field = fieldOf(group.of, fields, draft.definition);
  const pointer = `/definition/groups/${index}`;
  const set = (members: { [Key in keyof Group]?: Group[Key] | undefined }, place?: string) =>
    change(withItem(draft, 'groups', index, pruned<Group>({ ...group, ...members })), place);
  const at = (name: string) => faultsUnder(faults, `${pointer}/${name}`);
  const bys = byOptions(field.kind, group.by);
  return (
    <>
      <ItemHead
        editing={editing}
        list="groups"
        index={index}
        field={field}
        faults={faultsBeside(faults, pointer, SHOWN)}
      />
      {bys.length > 1 && (
        <ChoiceField
          label="Group by"
          value={group.by ?? 'value'}
          options={bys}
          faults={at('by')}
          onChange={(by) =>
            set({ by, step: by === 'range' ? (group.step ?? usualStep(field.kind)) : undefined })
          }
        />
      )}
      {group.by === 'range' && (
        <Labelled
          label="Width of a range"
          hint={field.kind === 'duration' ? 'Seconds' : undefined}
          faults={at('step')}
        >
          {({ id, describedBy, invalid }) => (
            <Textfield
              id={id}
              type="number"
              min={0}
              aria-describedby={describedBy}
              isInvalid={invalid}
              width="small"
              value={group.step ?? ''}
              onChange={(event) =>
                set({ step: Number(event.currentTarget.value) || undefined }, `step ${index}`)
              }
            />
          )}
        </Labelled>
      )}
      {(field.multiple || group.values !== undefined) && (
        <ChoiceField
          label="An issue with several values stands"
          value={group.values ?? 'each'}
          options={VALUES_OPTIONS}
          faults={at('values')}
          onChange={(values) => set({ values })}
        />
      )}
      <ChoiceField
        label="Order of the groups"
        value={group.direction ?? 'ascending'}
        options={DIRECTION_OPTIONS}
        faults={at('direction')}
        onChange={(direction) => set({ direction })}
      />
      <ChoiceField
        label="Issues without a value"
        value={group.empty ?? 'last'}
        options={EMPTY_OPTIONS}
        faults={at('empty')}
        onChange={(empty) => set({ empty })}
      />
    </>
  );
}

/** An hour, or ten of whatever is counted. */
function usualStep(kind: FieldKind): number {
  return kind === 'duration' ? 3600 : 10;
}

interface ChoiceFieldProps<Value extends string> {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly Option<Value>[];
  readonly faults: readonly string[];
  readonly onChange: (value: Value) => void;
}

export function ChoiceField<Value extends string>(props: ChoiceFieldProps<Value>) {
  const { label, faults, value, options, onChange } = props;
  return (
    <Labelled label={label} faults={faults}>
      {({ id, describedBy, invalid }) => (
        <Choice
          id={id}
          describedBy={describedBy}
          invalid={invalid}
          value={value}
          options={options}
          onChange={onChange}
        />
      )}
    </Labelled>
  );
}
