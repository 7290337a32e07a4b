import { useState } from 'react';
import type { Column, Group, Sort } from '../../definition';
import type { FieldMetadata } from '../../engine/protocol';
import { aggregateText } from '../report/layout';
import { formatIssues } from '../text/format';
import { Cards, type CardText } from './Cards';
import { fieldOf, usualBy } from './choices';
import { itemsOf, type ListName, withAdded, withItem, withMoved, withoutItem } from './draft';
import type { Editing } from './editing';
import { FieldPicker } from './FieldPicker';
import { faultsUnder } from './faults';
import type { useQueryCheck } from './use-query-check';

interface CardColumnProps {
  readonly editing: Editing;
  readonly check: ReturnType<typeof useQueryCheck>;
}

/** Everything a report consists of, as cards; the form beside is about the one selected. */
export function CardColumn({ editing, check }: CardColumnProps) {
  const { draft, faults, selection, select } = editing;
  const about = ['/name', '/description', '/visibility'].some(
    (place) => faultsUnder(faults, place).length > 0,
  );
  const source: CardText[] = [
    { key: 'about', label: 'Name and sharing', detail: draft.visibility, wrong: about },
    {
      key: 'query',
      label: 'Base query',
      detail: check.state === 'accepted' && check.count !== undefined ? formatIssues(check.count) : undefined,
      wrong: check.state === 'refused' || faultsUnder(faults, '/definition/jql').length > 0,
    },
  ];
  const selected = selection.part === 'about' ? 0 : selection.part === 'query' ? 1 : undefined;
  return (
    <div className="card-column">
      <Cards
        title="Report"
        cards={source}
        selected={selected}
        onSelect={(index) => select({ part: index === 0 ? 'about' : 'query' })}
      />
      <ListCards editing={editing} list="columns" title="Columns" />
      <ListCards editing={editing} list="groups" title="Groups" empty="No groups: a flat list." limit={10} />
      <ListCards
        editing={editing}
        list="sort"
        title="Sort"
        empty="In the order of the base query."
        limit={10}
      />
    </div>
  );
}

interface ListCardsProps {
  readonly editing: Editing;
  readonly list: ListName;
  readonly title: string;
  readonly empty?: string;
  readonly limit?: number;
}

function ListCards({ editing, list, title, empty = '', limit = 100 }: ListCardsProps) {
  const [adding, setAdding] = useState(false);
  const { draft, selection, select, change, fields } = editing;
  const count = itemsOf(draft, list).length;
  const add = (field: FieldMetadata) => {
    const grown = withAdded(draft, list, { field: field.id });
    const by = list === 'groups' ? usualBy(field.kind) : undefined;
    change(by ? withItem(grown, 'groups', count, { of: { field: field.id }, by }) : grown);
    select({ part: list, index: count });
    setAdding(false);
  };
  const move = (from: number, to: number) => {
    if (to >= 0 && to < count) {
      change(withMoved(draft, list, from, to));
      select({ part: list, index: to });
    }
  };
  const remove = (index: number) => {
    if (list !== 'columns' || count > 1) {
      change(withoutItem(draft, list, index));
      select(count > 1 ? { part: list, index: Math.max(0, index - 1) } : { part: 'about' });
    }
  };
  return (
    <div>
      <Cards
        title={title}
        cards={cardTexts(editing, list)}
        selected={selection.part === list ? selection.index : undefined}
        empty={empty}
        add={
          count < limit && (
            <button
              type="button"
              className="link-button"
              aria-expanded={adding}
              onClick={() => setAdding(!adding)}
            >
              + Add<span className="unseen"> to {title.toLowerCase()}</span>
            </button>
          )
        }
        onSelect={(index) => select({ part: list, index })}
        onMove={move}
        onRemove={remove}
      />
      {adding && (
        <FieldPicker
          label={`Field to add to ${title.toLowerCase()}`}
          fields={[...fields.values()]}
          onPick={add}
          onClose={() => setAdding(false)}
        />
      )}
    </div>
  );
}

function cardTexts({ draft, fields, faults }: Editing, list: ListName): CardText[] {
  const seen = new Map<string, number>();
  return itemsOf(draft, list).map((item, index) => {
    const field = fieldOf(item.of, fields, draft.definition);
    const turn = (seen.get(field.id) ?? 0) + 1;
    seen.set(field.id, turn);
    return {
      key: `${field.id} ${turn}`,
      label: ('label' in item && item.label) || field.name,
      detail: detailOf(list, item),
      wrong: field.missing || faultsUnder(faults, `/definition/${list}/${index}`).length > 0,
    };
  });
}

function detailOf(list: ListName, item: Column | Group | Sort): string | undefined {
  const arrow = 'direction' in item && item.direction === 'descending' ? '↓' : '↑';
  if (list === 'columns') {
    const { aggregate, width } = item as Column;
    const wide = width === undefined ? undefined : `${width} px`;
    return aggregate === undefined ? wide : aggregateText(aggregate);
  }
  const { by } = item as Group;
  return by && by !== 'value' ? `by ${by} ${arrow}` : arrow;
}
