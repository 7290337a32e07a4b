import type { Import } from '../../server/imports';

/** What a person sees of an import, and can do with it. */
export type Stage =
  /** No import is open, and no file is chosen. */
  | 'none'
  /** A file is chosen, of which nothing was sent. */
  | 'chosen'
  | 'sending'
  /** Sending ended too early; the file is at hand. */
  | 'broken'
  /** Parts were sent, and the file is not at hand: by somebody else, or before the page was opened. */
  | 'unfinished'
  /** The server checks or applies it. */
  | 'working'
  | 'checked'
  /** The last step could not be done. */
  | 'failed';

interface Known {
  readonly task: Import | undefined;
  readonly hasFile: boolean;
  readonly isSending: boolean;
}

export function stageOf({ task, hasFile, isSending }: Known): Stage {
  if (isSending) {
    return 'sending';
  }
  if (!task || !isOpen(task)) {
    return hasFile ? 'chosen' : 'none';
  }
  if (task.state === 'queued' || task.state === 'running') {
    return 'working';
  }
  if (task.state === 'waiting' && task.check) {
    return 'checked';
  }
  if (task.state === 'waiting' && task.step === 'parts') {
    return hasFile ? 'broken' : 'unfinished';
  }
  return 'failed';
}

/** It can still be gone on with. */
export function isOpen({ state }: Pick<Import, 'state'>): boolean {
  return state !== 'done' && state !== 'cancelled';
}

/** The import to show: the newest that is open, else the newest. */
export function currentOf(imports: readonly Import[]): Import | undefined {
  return imports.find(isOpen) ?? imports[0];
}
