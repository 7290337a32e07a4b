import Textfield from '@atlaskit/textfield';
import type { Column } from '../../definition';
import { Choice } from '../parts/Choice';
import { Labelled } from '../parts/Labelled';
import { aggregateKey, aggregateOptions, fieldOf, parseAggregate } from './choices';
import { pruned, withItem } from './draft';
import type { Editing } from './editing';
import { faultsBeside, faultsUnder } from './faults';
import { ItemHead } from './ItemHead';

interface ColumnFormProps {
  readonly editing: Editing;
  readonly index: number;
  readonly column: Column;
}

const SHOWN = ['label', 'aggregate', 'width'];

export function ColumnForm({ editing, index, column }: ColumnFormProps) {
  const { draft, fields, faults, change } = editing;
  const field = fieldOf(column.of, fields, draft.definition);
  const pointer = `/definition/columns/${index}`;
  const set = (members: { [Key in keyof Column]?: Column[Key] | undefined }, place?: string) =>
    change(withItem(draft, 'columns', index, pruned<Column>({ ...column, ...members })), place);
  return (
    <>
      <ItemHead
        editing={editing}
        list="columns"
        index={index}
        field={field}
        faults={faultsBeside(faults, pointer, SHOWN)}
      />
      <Labelled label="Heading" faults={faultsUnder(faults, `${pointer}/label`)}>
        {({ id, describedBy, invalid }) => (
          <Textfield
            id={id}
            aria-describedby={describedBy}
            isInvalid={invalid}
            maxLength={100}
            placeholder={field.name}
            value={column.label ?? ''}
            onChange={(event) => set({ label: event.currentTarget.value || undefined }, `label ${index}`)}
          />
        )}
      </Labelled>
      <Labelled
        label="In groups and the total"
        hint="Empty values are left out; each issue counts once."
        faults={faultsUnder(faults, `${pointer}/aggregate`)}
      >
        {({ id, describedBy, invalid }) => (
          <Choice
            id={id}
            describedBy={describedBy}
            invalid={invalid}
            value={column.aggregate === undefined ? '' : aggregateKey(column.aggregate)}
            options={aggregateOptions(field.kind, column.aggregate)}
            onChange={(key) => set({ aggregate: parseAggregate(key) })}
          />
        )}
      </Labelled>
      <Labelled
        label="Width in pixels"
        hint="Empty: by kind of field"
        faults={faultsUnder(faults, `${pointer}/width`)}
      >
        {({ id, describedBy, invalid }) => (
          <Textfield
            id={id}
            type="number"
            min={32}
            max={2000}
            aria-describedby={describedBy}
            isInvalid={invalid}
            width="small"
            value={column.width ?? ''}
            onChange={(event) =>
              set({ width: Math.round(Number(event.currentTarget.value)) || undefined }, `width ${index}`)
            }
          />
        )}
      </Labelled>
    </>
  );
}
