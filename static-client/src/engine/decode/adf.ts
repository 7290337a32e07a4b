import { asObject, textOf } from './json';

const BLOCKS: ReadonlySet<string> = new Set([
  'paragraph',
  'heading',
  'blockquote',
  'codeBlock',
  'listItem',
  'tableRow',
  'panel',
  'rule',
  'mediaSingle',
  'taskItem',
  'decisionItem',
]);

export function isDocument(raw: unknown): boolean {
  const object = asObject(raw);
  return object?.type === 'doc' && Array.isArray(object.content);
}

/** The plain text of an Atlassian document, blocks parted by a line break. */
export function documentText(raw: unknown): string {
  return nodeText(raw)
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{2,}/g, '\n')
    .trim();
}

function nodeText(raw: unknown): string {
  const node = asObject(raw);
  if (!node) return '';
  const own = inlineText(node.type, node);
  const inner = Array.isArray(node.content) ? node.content.map(nodeText).join('') : '';
  return BLOCKS.has(String(node.type)) ? `${own}${inner}\n` : own + inner;
}

function inlineText(type: unknown, node: Readonly<Record<string, unknown>>): string {
  const attributes = asObject(node.attrs) ?? {};
  if (type === 'text') return textOf(node, 'text') ?? '';
  if (type === 'hardBreak') return '\n';
  if (type === 'tableCell' || type === 'tableHeader') return ' ';
  if (type === 'date') return dayOf(attributes.timestamp);
  return textOf(attributes, 'text', 'shortName', 'url') ?? '';
}

function dayOf(timestamp: unknown): string {
  const date = new Date(Number(timestamp));
  return Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, 10);
}
