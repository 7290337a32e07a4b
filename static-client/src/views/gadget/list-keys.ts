import type { KeyboardEvent } from 'react';

interface ListKeys {
  readonly count: number;
  /** Position of the option that Enter takes. */
  readonly active: number;
  readonly onMove: (to: number) => void;
  readonly onPick: (position: number) => void;
  /** Absent where Escape leads nowhere. */
  readonly onClose: (() => void) | undefined;
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

/** The keys of a combobox, pressed in its field while the list is open. */
export function listKeys({ count, active, onMove, onPick, onClose }: ListKeys) {
  return (event: KeyboardEvent) => {
    const act = actionOf(event.key);
    if (act) {
      event.preventDefault();
      act();
    }
  };

  function actionOf(key: string): (() => void) | undefined {
    const step = STEPS[key];
    if (step !== undefined) {
      return () => onMove(Math.max(0, Math.min(active + step, count - 1)));
    }
    if (key === 'Enter' && active < count) {
      return () => onPick(active);
    }
    return key === 'Escape' ? onClose : undefined;
  }
}
