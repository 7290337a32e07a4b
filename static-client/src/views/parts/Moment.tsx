import { useEffect, useState } from 'react';
import { formatAgo, formatMoment } from '../text/format';

/** A time as `2 hours ago`, with the full date on hover; kept current. */
export function Moment({ time }: { readonly time: string }) {
  const now = useNow(30);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <time dateTime={time} title={formatMoment(time, zone)}>
      {formatAgo(time, now)}
    </time>
  );
}

/** The present moment in milliseconds, renewed every so many seconds. */
export function useNow(everySeconds: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everySeconds * 1000);
    return () => clearInterval(timer);
  }, [everySeconds]);
  return now;
}
