import type { Settings, SettingsChange } from './bodies';
import { given, ifMatch, json } from './reports';
import type { Transport } from './transport';

export type { Settings } from './bodies';

/** What the site's admins set for it; others get a `Problem` of status 403. */
export interface SiteSettings {
  read(signal?: AbortSignal): Promise<Settings>;
  /** Rejects with a `Problem` of status 412 when somebody has set them since `version`. */
  replace(version: number, change: SettingsChange): Promise<Settings>;
}

export function settingsOver(transport: Transport): SiteSettings {
  const path = '/settings';
  return {
    read: async (signal) => json(await transport({ path, ...given(signal) })),
    replace: async (version, body) =>
      json(await transport({ method: 'PUT', path, body, headers: ifMatch(version) })),
  };
}
