/** Narrow looks into JSON of unknown shape. */

export type JsonObject = Readonly<Record<string, unknown>>;

export function asObject(raw: unknown): JsonObject | undefined {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? (raw as JsonObject) : undefined;
}

/** A text that is not empty; numbers and booleans as text. */
export function asText(raw: unknown): string | undefined {
  if (typeof raw === 'string') return raw === '' ? undefined : raw;
  if (typeof raw === 'number' && Number.isFinite(raw)) return String(raw);
  return typeof raw === 'boolean' ? (raw ? 'Yes' : 'No') : undefined;
}

/** The first of the members that holds a text. */
export function textOf(object: JsonObject, ...members: readonly string[]): string | undefined {
  for (const member of members) {
    const text = asText(object[member]);
    if (text !== undefined) return text;
  }
  return undefined;
}
