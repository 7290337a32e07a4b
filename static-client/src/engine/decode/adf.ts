/** Atlassian documents (ADF) as plain text; node types are those of the published document schema, version 1. */
import { asObject, asText, type JsonObject, textOf } from './json';

/** Nodes that end a line. */
const BLOCKS: ReadonlySet<string> = new Set([
  'paragraph',
  'heading',
  'codeBlock',
  'listItem',
  'tableRow',
  'rule',
  'mediaSingle',
  'mediaGroup',
  'caption',
  'blockTaskItem',
  'taskItem',
  'decisionItem',
  'blockCard',
  'embedCard',
  'extension',
  'expand',
  'nestedExpand',
]);

/** No document is nested so deeply; what lies deeper is left out. */
const DEEPEST = 100;

type Write = (node: JsonObject, inner: string) => string;

/** What a node shows besides the text in it, which is all that the others show. */
const WRITERS: Readonly<Record<string, Write>> = {
  text: (node) => textOf(node, 'text') ?? '',
  hardBreak: () => '\n',
  rule: () => '—',
  mention: (node) => attribute(node, 'text', 'id'),
  emoji: (node) => attribute(node, 'text', 'shortName'),
  date: (node) => dayOf(attributes(node).timestamp),
  status: (node) => attribute(node, 'text'),
  placeholder: (node) => attribute(node, 'text'),
  inlineCard: (node) => attribute(node, 'url') || cardName(node),
  blockCard: (node) => attribute(node, 'url') || cardName(node),
  embedCard: (node) => attribute(node, 'url'),
  media: (node) => `[${attribute(node, 'alt', '__fileName') || 'file'}]`,
  mediaInline: (node) => `[${attribute(node, 'alt', '__fileName') || 'file'}]`,
  taskItem: (node, inner) => `${done(node) ? '☑' : '☐'} ${inner}`,
  blockTaskItem: (node, inner) => `${done(node) ? '☑' : '☐'} ${inner}`,
  decisionItem: (_, inner) => `→ ${inner}`,
  expand: titled,
  nestedExpand: titled,
  extension: (node, inner) => inner || attribute(node, 'text'),
  inlineExtension: (node, inner) => inner || attribute(node, 'text'),
  bodiedExtension: (node, inner) => inner || attribute(node, 'text'),
};

export function isDocument(raw: unknown): boolean {
  const object = asObject(raw);
  return object?.type === 'doc' && Array.isArray(object.content);
}

/** The plain text of a document: blocks parted by a line break, list items marked, table cells parted by a bar. */
export function documentText(raw: unknown): string {
  const lines = nodeText(raw, 0).split('\n');
  const told = lines.map((line) => line.trimEnd()).filter((line) => line !== '');
  return told.join('\n').trim();
}

function nodeText(raw: unknown, depth: number): string {
  const node = asObject(raw);
  if (!node || depth > DEEPEST) return '';
  const type = asText(node.type) ?? '';
  const inner = innerText(type, node, depth);
  const write = Object.hasOwn(WRITERS, type) ? WRITERS[type] : undefined;
  const text = write ? write(node, inner) : inner;
  return BLOCKS.has(type) && !text.endsWith('\n') ? `${text}\n` : text;
}

function innerText(type: string, node: JsonObject, depth: number): string {
  if (!Array.isArray(node.content)) return '';
  const parts = node.content.map((child) => nodeText(child, depth + 1));
  if (type === 'tableRow') return parts.map(oneLine).join(' | ');
  if (type === 'mediaGroup' || type === 'mediaSingle') return parts.join(' ');
  if (type === 'bulletList') return parts.map((part) => `• ${part}`).join('');
  if (type === 'orderedList') return parts.map((part, index) => `${firstOf(node) + index}. ${part}`).join('');
  return parts.join('');
}

function oneLine(text: string): string {
  return text.trim().replaceAll('\n', ' ');
}

function titled(node: JsonObject, inner: string): string {
  return [attribute(node, 'title'), inner].filter(Boolean).join('\n');
}

function done(node: JsonObject): boolean {
  return attributes(node).state === 'DONE';
}

function firstOf(node: JsonObject): number {
  const { order } = attributes(node);
  return typeof order === 'number' && Number.isInteger(order) ? order : 1;
}

/** A smart link may carry what it leads to in place of an address. */
function cardName(node: JsonObject): string {
  return textOf(asObject(attributes(node).data) ?? {}, 'name', 'url') ?? '';
}

function attribute(node: JsonObject, ...names: readonly string[]): string {
  return textOf(attributes(node), ...names) ?? '';
}

function attributes(node: JsonObject): JsonObject {
  return asObject(node.attrs) ?? {};
}

function dayOf(timestamp: unknown): string {
  const date = new Date(Number(timestamp));
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, 10);
}
