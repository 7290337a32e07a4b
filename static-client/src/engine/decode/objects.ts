/** Readers of Jira's own objects; each gives an entry, or nothing where there is no value. */
import type { Entry } from '../column/dictionary';
import type { Value } from '../protocol';
import { readDate } from './date';
import { asObject, asText, type JsonObject, textOf } from './json';

type StatusCategory = Extract<Value, { kind: 'status' }>['category'];

const CATEGORIES: readonly StatusCategory[] = ['new', 'indeterminate', 'done'];

/** Anything with an id and a name: component, resolution, option, security level. */
export function readNamed(raw: unknown): Entry | undefined {
  const object = asObject(raw);
  if (!object) return readPlain(raw);
  const name = textOf(object, 'name', 'value', 'displayName', 'title', 'label', 'key');
  const id = textOf(object, 'id') ?? name;
  return id === undefined ? undefined : { id, name: name ?? id };
}

/** Text as it stands. */
export function readPlain(raw: unknown): Entry | undefined {
  const text = asText(raw);
  return text === undefined ? undefined : { id: text, name: text };
}

/** An option, or a cascading one: parent and child as `Parent › Child`. */
export function readOption(raw: unknown): Entry | undefined {
  const parent = readNamed(raw);
  const child = readNamed(asObject(raw)?.child);
  if (!parent || !child) return parent;
  return { id: `${parent.id}:${child.id}`, name: `${parent.name} › ${child.name}`, alias: parent.id };
}

export function readUser(raw: unknown): Entry | undefined {
  const user = asObject(raw);
  const id = user && textOf(user, 'accountId', 'key', 'name', 'emailAddress', 'displayName');
  if (!user || id === undefined) return readPlain(raw);
  const name = textOf(user, 'displayName', 'name', 'emailAddress') ?? id;
  const avatars = asObject(user.avatarUrls) ?? {};
  const avatarUrl = textOf(avatars, '24x24', '32x32', '48x48', '16x16');
  const active = user.active !== false;
  return {
    id,
    name,
    value: { kind: 'user', accountId: id, text: name, active, ...(avatarUrl && { avatarUrl }) },
  };
}

/** A status, or a category of statuses; they are in order of their category, as on Jira's boards. */
export function readStatus(raw: unknown): Entry | undefined {
  const entry = readNamed(raw);
  if (!entry) return undefined;
  const object = asObject(raw) ?? {};
  const key = textOf(asObject(object.statusCategory) ?? object, 'key');
  const order = (CATEGORIES as readonly (string | undefined)[]).indexOf(key);
  const category = CATEGORIES[order] ?? 'undefined';
  const value: Value = { kind: 'status', text: entry.name, category };
  return { ...entry, value, order: order < 0 ? CATEGORIES.length : order };
}

/** A priority by its place in `/priority`, the first being highest; ascending order is lowest first. */
export function readPriority(priorities: readonly string[]): (raw: unknown) => Entry | undefined {
  return (raw) => {
    const entry = readNamed(raw);
    if (!entry) return undefined;
    const iconUrl = textOf(asObject(raw) ?? {}, 'iconUrl');
    const value: Value = { kind: 'priority', text: entry.name, id: entry.id, ...(iconUrl && { iconUrl }) };
    const place = priorities.indexOf(entry.id);
    return { ...entry, value, ...(place < 0 ? {} : { order: -place }) };
  };
}

export function readIssueType(raw: unknown): Entry | undefined {
  const entry = readNamed(raw);
  if (!entry) return undefined;
  const object = asObject(raw) ?? {};
  const iconUrl = textOf(object, 'iconUrl');
  const subtask = object.subtask === true;
  return { ...entry, value: { kind: 'issuetype', text: entry.name, subtask, ...(iconUrl && { iconUrl }) } };
}

export function readProject(raw: unknown): Entry | undefined {
  const entry = readNamed(raw);
  const alias = textOf(asObject(raw) ?? {}, 'key');
  return entry && { ...entry, ...(alias && { alias }) };
}

/** A version; versions are in order of their release, those without a date after the rest. */
export function readVersion(raw: unknown): Entry | undefined {
  const entry = readNamed(raw);
  const version = asObject(raw);
  if (!entry || !version) return entry;
  const { archived, released } = version;
  const state = archived === true ? 'archived' : released === true ? 'released' : 'unreleased';
  const date = readDate(version.releaseDate);
  return {
    ...entry,
    value: { kind: 'lozenge', text: entry.name, state },
    ...(Number.isNaN(date) ? {} : { order: date }),
  };
}

/** Another issue by its key: parent, epic, sub-task, or a link with its direction. */
export function readIssue(raw: unknown): Entry | undefined {
  const object = asObject(raw);
  if (!object) return readPlain(raw);
  const linked = asObject(object.outwardIssue) ?? asObject(object.inwardIssue);
  if (linked) return readLink(object, linked);
  const key = textOf(object, 'key') ?? textOf(asObject(object.data) ?? {}, 'key');
  const id = textOf(object, 'id');
  return key === undefined ? undefined : { id: key, name: key, ...(id && { alias: id }) };
}

function readLink(link: JsonObject, linked: JsonObject): Entry | undefined {
  const key = textOf(linked, 'key');
  if (key === undefined) return undefined;
  const phrase = textOf(asObject(link.type) ?? {}, link.outwardIssue ? 'outward' : 'inward') ?? 'relates to';
  const name = `${phrase} ${key}`;
  return { id: name, name, alias: key, value: { kind: 'text', text: name } };
}
