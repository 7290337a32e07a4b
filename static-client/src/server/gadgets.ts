import type { Gadget, GadgetChoice } from './bodies';
import { given, ifMatch, json } from './reports';
import type { Transport } from './transport';

export type { Gadget } from './bodies';

/** Where a gadget stands, by Jira's ids. */
export interface GadgetPlace {
  readonly dashboard: string;
  readonly item: string;
}

/** Which report the gadgets of dashboards show. */
export interface Gadgets {
  read(place: GadgetPlace, signal?: AbortSignal): Promise<Gadget>;
  /** Rejects with a `Problem` of status 412 when somebody has chosen since `version`. */
  choose(place: GadgetPlace, version: number, report: string): Promise<Gadget>;
}

export function gadgetsOver(transport: Transport): Gadgets {
  return {
    read: async (place, signal) => json(await transport({ path: at(place), ...given(signal) })),
    choose: async (place, version, report) => {
      const body: GadgetChoice = { report };
      return json(await transport({ method: 'PUT', path: at(place), body, headers: ifMatch(version) }));
    },
  };
}

function at({ dashboard, item }: GadgetPlace): string {
  return `/gadgets/${encodeURIComponent(dashboard)}/${encodeURIComponent(item)}`;
}
