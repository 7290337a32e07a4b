import type { Sort } from '../../definition';
import { DIRECTION_OPTIONS, fieldOf } from './choices';
import { withItem } from './draft';
import type { Editing } from './editing';
import { faultsBeside, faultsUnder } from './faults';
import { ChoiceField } from './GroupForm';
import { ItemHead } from './ItemHead';

interface SortFormProps {
  readonly editing: Editing;
  readonly index: number;
  readonly rule: Sort;
}

export function SortForm({ editing, index, rule }: SortFormProps) {
  const { draft, fields, faults, change } = editing;
  const field = fieldOf(rule.of, fields, draft.definition);
  const pointer = `/definition/sort/${index}`;
  return (
    <>
      <ItemHead
        editing={editing}
        list="sort"
        index={index}
        field={field}
        faults={faultsBeside(faults, pointer, ['direction'])}
      />
      <ChoiceField
        label="Direction"
        value={rule.direction ?? 'ascending'}
        options={DIRECTION_OPTIONS}
        faults={faultsUnder(faults, `${pointer}/direction`)}
        onChange={(direction) => change(withItem(draft, 'sort', index, { ...rule, direction }))}
      />
    </>
  );
}
