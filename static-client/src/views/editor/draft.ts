/** The report being edited, as an immutable value, and every change that the editor makes to it. */
import type { Column, Definition, Group, Reference, Sort } from '../../definition';
import type { Report, ReportContent } from '../../server/reports';

export type Draft = ReportContent;

/** The lists of a definition that the editor shows as cards. */
export interface Lists {
  readonly columns: Column;
  readonly groups: Group;
  readonly sort: Sort;
}

export type ListName = keyof Lists;

/** What the right-hand form is about. */
export type Selection =
  | { readonly part: 'about' }
  | { readonly part: 'query' }
  | { readonly part: ListName; readonly index: number };

export function draftOf({ name, description, visibility, definition }: Report): Draft {
  return { name, description, visibility, definition };
}

export function itemsOf<List extends ListName>(draft: Draft, list: List): readonly Lists[List][] {
  return (draft.definition[list] ?? []) as readonly Lists[List][];
}

function withItems<List extends ListName>(draft: Draft, list: List, items: readonly Lists[List][]): Draft {
  const definition: Definition = { ...draft.definition, [list]: items };
  if (items.length === 0 && list !== 'columns') {
    delete definition[list];
  }
  return { ...draft, definition };
}

export function withItem<List extends ListName>(
  draft: Draft,
  list: List,
  index: number,
  item: Lists[List],
): Draft {
  return withItems(
    draft,
    list,
    itemsOf(draft, list).map((present, position) => (position === index ? item : present)),
  );
}

export function withoutItem(draft: Draft, list: ListName, index: number): Draft {
  return withItems(
    draft,
    list,
    itemsOf(draft, list).filter((_, position) => position !== index),
  );
}

export function withMoved(draft: Draft, list: ListName, from: number, to: number): Draft {
  const items = [...itemsOf(draft, list)];
  const [moved] = items.splice(from, 1);
  if (!moved || to < 0 || to > items.length) {
    return draft;
  }
  items.splice(to, 0, moved);
  return withItems(draft, list, items);
}

export function withAdded(draft: Draft, list: ListName, of: Reference): Draft {
  return withItems(draft, list, [...itemsOf(draft, list), { of }]);
}

/** A copy without the members that are `undefined`: absent and `undefined` differ in what is sent. */
export function pruned<Item extends object>(
  item: {
    readonly [Key in keyof Item]: Item[Key] | undefined;
  },
): Item {
  return Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined)) as Item;
}

export function sameDraft(one: Draft, other: Draft): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
