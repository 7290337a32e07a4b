import type { Definition } from '../../definition';
import type { FieldMetadata } from '../../engine/protocol';
import type { Fault } from '../../server/problem';
import type { Draft, Selection } from './draft';

/** What every form of the editor works with. */
export interface Editing {
  readonly draft: Draft;
  readonly fields: ReadonlyMap<string, FieldMetadata>;
  readonly faults: readonly Fault[];
  /** `place` names the field being typed in, so that typing is one step of undo. */
  change(draft: Draft, place?: string): void;
  readonly selection: Selection;
  select(selection: Selection): void;
}

export function withDefinition(draft: Draft, change: Partial<Definition>): Draft {
  return { ...draft, definition: { ...draft.definition, ...change } };
}
