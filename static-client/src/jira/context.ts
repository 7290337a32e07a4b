import type { Definition } from '../definition';
import { asObject, textOf } from '../engine/decode/json';
import type { EngineContext } from '../engine/protocol';
import type { JiraHost } from '../host/host';
import { fieldMetadata } from './fields';
import { RequestFailed } from './request-failed';

/** Jira's own defaults, for a site that hides its configuration. */
const WORKING = { hoursPerDay: 8, daysPerWeek: 5 };

/**
 * Asks Jira what a report's numbers and dates depend on. Throws RequestFailed where the list of fields cannot
 * be read, as every column would seem gone; without the other answers Jira's defaults stand in.
 */
export async function engineContext(host: JiraHost, definition: Definition): Promise<EngineContext> {
  const [user, fields, configuration, priorities] = await Promise.all([
    host.user(),
    read(host, '/rest/api/3/field'),
    read(host, '/rest/api/3/configuration').catch(() => undefined),
    read(host, '/rest/api/3/priority').catch(() => undefined),
  ]);
  const chosen = definition.options?.zone ?? 'user';
  return {
    timeZone: knownZone(chosen === 'user' ? user.timeZone : chosen),
    locale: knownLocale(user.locale),
    ...workingTime(configuration),
    priorities: idsOf(priorities),
    fields: fieldMetadata(fields),
  };
}

async function read(host: JiraHost, path: string): Promise<unknown> {
  const response = await host.request({ path });
  if (response.status !== 200) throw new RequestFailed(response);
  return response.body;
}

function workingTime(configuration: unknown): typeof WORKING {
  const settings = asObject(asObject(configuration)?.timeTrackingConfiguration) ?? {};
  return {
    hoursPerDay: positive(settings.workingHoursPerDay) ?? WORKING.hoursPerDay,
    daysPerWeek: positive(settings.workingDaysPerWeek) ?? WORKING.daysPerWeek,
  };
}

function positive(raw: unknown): number | undefined {
  return typeof raw === 'number' && raw > 0 ? raw : undefined;
}

function idsOf(raw: unknown): readonly string[] {
  if (!Array.isArray(raw)) return [];
  return raw.flatMap((item) => textOf(asObject(item) ?? {}, 'id') ?? []);
}

/** A zone that this browser does not know would stop the report; UTC is named in its place. */
function knownZone(zone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}

/** Jira writes `en_GB`, the web platform `en-GB`. */
function knownLocale(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale.replaceAll('_', '-'))[0] ?? 'en';
  } catch {
    return 'en';
  }
}
