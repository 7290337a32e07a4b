import type { Entry } from '../column/dictionary';
import { documentText, isDocument } from './adf';
import { asObject, asText, type JsonObject, textOf } from './json';

/** Where the fields of apps keep what a person reads, the likeliest first. */
const NAMES = [
  'name',
  'value',
  'displayName',
  'title',
  'label',
  'summary',
  'text',
  'filename',
  'friendly',
  'key',
];

/** Members that describe the value's context and not the value. */
const ASIDE: ReadonlySet<string> = new Set(['self', '_links', 'iconUrl', 'avatarUrls', 'icon']);

/** A text as it stands, even one that looks like JSON; documents as plain text. */
export function readText(raw: unknown): Entry | undefined {
  if (typeof raw === 'string') return raw.trim() === '' ? undefined : { id: raw, name: raw };
  return readUnknown(raw);
}

/**
 * The value of a field whose type we do not know: its text, or the likeliest name in its object, never JSON.
 */
export function readUnknown(raw: unknown): Entry | undefined {
  const text = unknownText(raw);
  if (text === undefined) return undefined;
  const id = textOf(asObject(raw) ?? {}, 'id', 'accountId') ?? text;
  return { id, name: text };
}

function unknownText(raw: unknown): string | undefined {
  if (typeof raw === 'string') return readString(raw);
  if (isDocument(raw)) return documentText(raw) || undefined;
  const object = asObject(raw);
  if (object) return serviceLevel(object) ?? objectText(object, 2);
  if (Array.isArray(raw)) return raw.map(unknownText).filter(Boolean).join(', ') || undefined;
  return asText(raw);
}

/** Some apps send JSON, or Java's rendering of a map, as a text. */
function readString(text: string): string | undefined {
  if (!/^\s*[[{]/.test(text)) return text.trim() === '' ? undefined : text;
  try {
    return unknownText(JSON.parse(text));
  } catch {
    return /^\{[\w.]+=/.test(text) ? undefined : text;
  }
}

/** The time that is left of a service level agreement, or how the last one went. */
function serviceLevel(object: JsonObject): string | undefined {
  const ongoing = asObject(object.ongoingCycle);
  const remaining = asObject(ongoing?.remainingTime);
  if (remaining) return textOf(remaining, 'friendly');
  const cycles = object.completedCycles;
  if (!Array.isArray(cycles)) return undefined;
  const last = asObject(cycles.at(-1));
  return last && (last.breached === true ? 'Breached' : 'Met');
}

function objectText(object: JsonObject, depth: number): string | undefined {
  const own = textOf(object, ...NAMES);
  if (own !== undefined) return own;
  for (const [member, inner] of Object.entries(object)) {
    const nested = ASIDE.has(member) || depth === 0 ? undefined : asObject(inner);
    const text = nested && objectText(nested, depth - 1);
    if (text !== undefined) return text;
  }
  return textOf(object, 'id');
}
