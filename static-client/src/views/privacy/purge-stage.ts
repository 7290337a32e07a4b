import type { Purge } from '../../server/purges';

/** What a person sees of a purge, and can do about it. */
export type PurgeStage = 'none' | 'planned' | 'running';

export function stageOf(purge: Purge | undefined): PurgeStage {
  switch (purge?.state) {
    case 'waiting':
    case 'queued':
      return 'planned';
    case 'running':
      return 'running';
    default:
      return 'none';
  }
}

/** The purge that is to come or under way. */
export function comingOf(purges: readonly Purge[]): Purge | undefined {
  return purges.find((purge) => stageOf(purge) !== 'none');
}

const SOON_MILLISECONDS = 60_000;
const OFTEN_MILLISECONDS = 1_000;
const SELDOM_MILLISECONDS = 20_000;

/** After how many milliseconds to look again: often once it is near, for ever where there is none. */
export function pauseOf(purge: Purge | undefined, now: number): number | undefined {
  if (!purge) {
    return undefined;
  }
  const isNear = stageOf(purge) === 'running' || Date.parse(purge.due_at) - now < SOON_MILLISECONDS;
  return isNear ? OFTEN_MILLISECONDS : SELDOM_MILLISECONDS;
}
