import { useSyncExternalStore } from 'react';
import { useApp } from './app';

/** Says calmly that the server is busy, and that nobody need do anything. */
export function BusyLine() {
  const { busy } = useApp().server;
  const seconds = useSyncExternalStore(busy.subscribe, busy.seconds);
  return (
    <div role="status" className="busy-line">
      {seconds !== null && <p>Busy; trying again in {seconds} s</p>}
    </div>
  );
}
