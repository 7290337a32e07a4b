import type { EngineContext } from '../protocol';

type WorkingTime = Pick<EngineContext, 'hoursPerDay' | 'daysPerWeek'>;

/** Seconds as Jira writes them, in its own days and weeks: `1w 2d 3h 30m`. */
export function formatDuration(seconds: number, working: WorkingTime): string {
  const minutes = Math.round(Math.abs(seconds) / 60);
  if (minutes === 0) return '0m';
  const day = Math.round(working.hoursPerDay * 60);
  const week = Math.round(day * working.daysPerWeek);
  const parts: string[] = [];
  let left = minutes;
  for (const [unit, length] of [
    ['w', week],
    ['d', day],
    ['h', 60],
    ['m', 1],
  ] as const) {
    const count = length > 0 ? Math.floor(left / length) : 0;
    left -= count * length;
    if (count > 0) parts.push(`${count}${unit}`);
  }
  return (seconds < 0 ? '-' : '') + parts.join(' ');
}
