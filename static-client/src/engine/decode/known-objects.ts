/** Objects of Jira and well-known apps that no single member tells; each gives a text or nothing. */
import { asObject, asText, type JsonObject, textOf } from './json';

type Describe = (object: JsonObject) => string | undefined;

const KNOWN: readonly Describe[] = [serviceLevel, timeTracking, approval, restriction, interval, checkItem];

/** The text of an object that is recognised by its members. */
export function knownObject(object: JsonObject): string | undefined {
  for (const describe of KNOWN) {
    const text = describe(object);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** The time that is left of a service level agreement, or how the last one went. */
function serviceLevel(object: JsonObject): string | undefined {
  const remaining = asObject(asObject(object.ongoingCycle)?.remainingTime);
  if (remaining) return textOf(remaining, 'friendly');
  const cycles = object.completedCycles;
  if (!Array.isArray(cycles)) return undefined;
  const last = asObject(cycles.at(-1));
  return last && (last.breached === true ? 'Breached' : 'Met');
}

/** Milliseconds that are left of a service level agreement, by which such texts are in order. */
export function serviceLevelOrder(raw: unknown): number | undefined {
  const ongoing = asObject(asObject(raw)?.ongoingCycle);
  const millis = asObject(ongoing?.remainingTime)?.millis;
  return typeof millis === 'number' && Number.isFinite(millis) ? millis : undefined;
}

function timeTracking(object: JsonObject): string | undefined {
  const parts = [
    ['timeSpent', 'logged'],
    ['remainingEstimate', 'left'],
    ['originalEstimate', 'estimated'],
  ] as const;
  const told = parts.flatMap(([member, word]) => {
    const text = asText(object[member]);
    return text === undefined ? [] : [`${text} ${word}`];
  });
  return told.join(', ') || undefined;
}

function approval(object: JsonObject): string | undefined {
  const decision = asText(object.finalDecision);
  const name = asText(object.name);
  return decision && [name, decision].filter(Boolean).join(': ');
}

/** Which roles and groups an issue is restricted to. */
function restriction(object: JsonObject): string | undefined {
  const restrictions = asObject(object.issuerestrictions);
  if (!restrictions) return undefined;
  const lists = Object.values(restrictions).flatMap((list) => (Array.isArray(list) ? list : []));
  const names = lists.map((item) => textOf(asObject(item) ?? {}, 'name', 'displayName') ?? '');
  return names.filter(Boolean).join(', ');
}

/** A span of dates, as product discovery and planning apps keep them. */
function interval(object: JsonObject): string | undefined {
  const start = textOf(object, 'start', 'startDate', 'from');
  const end = textOf(object, 'end', 'endDate', 'to');
  const named = textOf(object, 'name', 'value', 'title') !== undefined;
  return start !== undefined && end !== undefined && !named ? `${start} to ${end}` : undefined;
}

/** An item of a checklist. */
function checkItem(object: JsonObject): string | undefined {
  const state = object.checked ?? object.done ?? object.isChecked;
  const name = textOf(object, 'name', 'text', 'title', 'label', 'summary');
  return typeof state === 'boolean' && name !== undefined ? `${state ? '☑' : '☐'} ${name}` : undefined;
}
