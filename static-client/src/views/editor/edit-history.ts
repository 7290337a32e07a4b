import { type Draft, sameDraft } from './draft';

/** The draft with what it was before and after: undo and redo move along. */
export interface EditHistory {
  readonly past: readonly Draft[];
  readonly present: Draft;
  readonly future: readonly Draft[];
  /** What the last change was about; typing on in the same place is one step. */
  readonly place: string | undefined;
}

export type EditAction =
  | { readonly do: 'change'; readonly draft: Draft; readonly place?: string }
  | { readonly do: 'undo' }
  | { readonly do: 'redo' }
  | { readonly do: 'start'; readonly draft: Draft };

const STEPS_KEPT = 200;

export function startHistory(draft: Draft): EditHistory {
  return { past: [], present: draft, future: [], place: undefined };
}

export function editHistory(history: EditHistory, action: EditAction): EditHistory {
  switch (action.do) {
    case 'start':
      return startHistory(action.draft);
    case 'change':
      return changed(history, action.draft, action.place);
    case 'undo':
      return undone(history);
    case 'redo':
      return redone(history);
  }
}

function changed(history: EditHistory, draft: Draft, place: string | undefined): EditHistory {
  if (sameDraft(history.present, draft)) {
    return history;
  }
  const goesOn = place !== undefined && place === history.place && history.past.length > 0;
  const past = goesOn ? history.past : [...history.past, history.present].slice(-STEPS_KEPT);
  return { past, present: draft, future: [], place };
}

function undone({ past, present, future }: EditHistory): EditHistory {
  const before = past.at(-1);
  return before
    ? { past: past.slice(0, -1), present: before, future: [present, ...future], place: undefined }
    : { past, present, future, place: undefined };
}

function redone({ past, present, future }: EditHistory): EditHistory {
  const [after, ...later] = future;
  return after
    ? { past: [...past, present], present: after, future: later, place: undefined }
    : { past, present, future, place: undefined };
}
