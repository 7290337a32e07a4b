import { type ReactNode, useEffect, useState } from 'react';
import { Dialog } from '../parts/Dialog';
import type { Navigation } from '../shell/use-route';

/** While `unsaved`, leaving the view asks first, and closing the page lets the browser ask. */
export function useLeaveGuard(guard: Navigation['guard'], unsaved: boolean): ReactNode {
  const [leave, setLeave] = useState<() => void>();
  useEffect(() => {
    if (!unsaved) {
      return undefined;
    }
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    guard.current = (go) => setLeave(() => go);
    return () => {
      window.removeEventListener('beforeunload', warn);
      guard.current = null;
    };
  }, [guard, unsaved]);
  return (
    leave && (
      <Dialog
        title="Leave without saving?"
        actions={[{ label: 'Leave', appearance: 'danger', run: leave }]}
        cancel="Go on editing"
        onCancel={() => setLeave(undefined)}
      >
        <p>Your changes to this report have not been saved.</p>
      </Dialog>
    )
  );
}
