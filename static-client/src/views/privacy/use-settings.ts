import { useCallback } from 'react';
import type { Settings } from '../../server/settings';
import { useApp } from '../shell/app';
import { type Fetched, useFetched } from '../shell/use-fetched';

/** The site's settings, and a way to fetch them anew. */
export function useSettings(): readonly [Fetched<Settings>, () => void] {
  const { server } = useApp();
  return useFetched(useCallback((signal: AbortSignal) => server.settings.read(signal), [server]));
}
