import type { Entry } from '../column/dictionary';
import { documentText, isDocument } from './adf';
import { developmentText, structured, timeInStatusText } from './app-text';
import { asObject, asText, type JsonObject, textOf } from './json';
import { knownObject, serviceLevelOrder } from './known-objects';

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
  'objectKey',
];

/** Members that describe the value's context and not the value. */
const ASIDE: ReadonlySet<string> = new Set(['self', '_links', 'iconUrl', 'avatarUrls', 'icon', 'avatarUrl']);

/** How deep a name is looked for, and how deep lists within lists are read. */
const DEEPEST = 3;

/** Members told of an object in which nothing looks like a name. */
const MEMBERS_TOLD = 5;

/** A text as it stands, even one that looks like JSON; documents as plain text. */
export function readText(raw: unknown): Entry | undefined {
  if (typeof raw === 'string') return raw.trim() === '' ? undefined : { id: raw, name: raw };
  return readUnknown(raw);
}

/**
 * The value of a field whose type we do not know: its text, or the likeliest name in its object, never JSON.
 * The text is what makes two values the same one: apps use one id for what differs from issue to issue.
 */
export function readUnknown(raw: unknown): Entry | undefined {
  const text = unknownText(raw, DEEPEST);
  if (text === undefined) return undefined;
  const alias = textOf(asObject(raw) ?? {}, 'id', 'accountId');
  const order = serviceLevelOrder(raw);
  return { id: text, name: text, ...(alias && { alias }), ...(order !== undefined && { order }) };
}

function unknownText(raw: unknown, depth: number): string | undefined {
  if (typeof raw === 'string') return readString(raw, depth);
  if (Array.isArray(raw)) return depth === 0 ? undefined : listText(raw, depth - 1);
  const object = asObject(raw);
  return object ? objectText(object, depth) : asText(raw);
}

/** Each part is told once: lists of apps repeat themselves. */
function listText(list: readonly unknown[], depth: number): string | undefined {
  const parts = list.map((item) => unknownText(item, depth)).filter(Boolean);
  return [...new Set(parts)].join(', ') || undefined;
}

/** Some apps send JSON, or Java's rendering of a map, as a text. */
function readString(text: string, depth: number): string | undefined {
  if (text.trim() === '') return undefined;
  const written = developmentText(text) ?? timeInStatusText(text);
  if (written !== undefined) return written || undefined;
  const value = depth === 0 ? undefined : structured(text);
  return value === undefined ? text : unknownText(value, depth - 1);
}

function objectText(object: JsonObject, depth: number): string | undefined {
  if (isDocument(object)) return documentText(object) || undefined;
  return (
    (knownObject(object) || undefined) ??
    nameText(object, depth) ??
    nestedText(object, depth) ??
    membersText(object, depth) ??
    textOf(object, 'id')
  );
}

function nestedText(object: JsonObject, depth: number): string | undefined {
  if (depth === 0) return undefined;
  for (const [member, inner] of Object.entries(object)) {
    if (ASIDE.has(member) || typeof inner !== 'object') continue;
    const text = unknownText(inner, depth - 1);
    if (text !== undefined) return text;
  }
  return undefined;
}

function nameText(object: JsonObject, depth: number): string | undefined {
  const name = textOf(object, ...NAMES);
  return name === undefined ? undefined : readString(name, depth);
}

/** `size: 3, mimeType: text/plain`. */
function membersText(object: JsonObject, depth: number): string | undefined {
  const told = Object.entries(object).flatMap(([member, value]) => {
    const scalar = ASIDE.has(member) || member === 'id' ? undefined : asText(value);
    const text = scalar === undefined ? undefined : readString(scalar, depth);
    return text === undefined ? [] : [`${member}: ${text}`];
  });
  return told.slice(0, MEMBERS_TOLD).join(', ') || undefined;
}
