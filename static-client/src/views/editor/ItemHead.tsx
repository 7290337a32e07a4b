import type { FieldMetadata } from '../../engine/protocol';
import { IconButton } from '../parts/IconButton';
import { ArrowDownIcon, ArrowUpIcon, DeleteIcon } from '../parts/icons';
import { kindName } from './choices';
import { itemsOf, type ListName, withMoved, withoutItem } from './draft';
import type { Editing } from './editing';

interface ItemHeadProps {
  readonly editing: Editing;
  readonly list: ListName;
  readonly index: number;
  readonly field: FieldMetadata & { readonly missing: boolean };
  /** Faults of the item that no field of its form shows. */
  readonly faults: readonly string[];
}

const NAMES: Readonly<Record<ListName, string>> = { columns: 'Column', groups: 'Group', sort: 'Sort rule' };

/** What the item is about, and the buttons that move it or take it away. */
export function ItemHead({ editing, list, index, field, faults }: ItemHeadProps) {
  const { draft, change, select } = editing;
  const count = itemsOf(draft, list).length;
  const move = (to: number) => {
    change(withMoved(draft, list, index, to));
    select({ part: list, index: to });
  };
  const remove = () => {
    change(withoutItem(draft, list, index));
    select(count > 1 ? { part: list, index: Math.max(0, index - 1) } : { part: 'about' });
  };
  return (
    <div className="item-head">
      <div className="item-title">
        <h2>
          {NAMES[list]}: {field.name}
        </h2>
        <IconButton
          icon={ArrowUpIcon}
          label="Move up"
          disabled={index === 0}
          onClick={() => move(index - 1)}
        />
        <IconButton
          icon={ArrowDownIcon}
          label="Move down"
          disabled={index === count - 1}
          onClick={() => move(index + 1)}
        />
        <IconButton
          icon={DeleteIcon}
          label={`Remove ${field.name}`}
          disabled={list === 'columns' && count === 1}
          onClick={remove}
        />
      </div>
      {field.missing ? (
        <p className="fault">This field no longer exists, or you may not see it ({field.id}).</p>
      ) : (
        <p className="hint">{kindName(field)}</p>
      )}
      {faults.map((fault) => (
        <p key={fault} className="fault" role="alert">
          {fault}
        </p>
      ))}
    </div>
  );
}
