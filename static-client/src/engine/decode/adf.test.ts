import { expect, test } from 'vitest';
import { documentText, isDocument } from './adf';

type Node = Readonly<Record<string, unknown>>;

const text = (value: string): Node => ({ type: 'text', text: value, marks: [{ type: 'strong' }] });
const block = (type: string, ...content: readonly Node[]): Node => ({ type, content });
const paragraph = (...parts: readonly (Node | string)[]): Node =>
  block('paragraph', ...parts.map((part) => (typeof part === 'string' ? text(part) : part)));
const leaf = (type: string, attrs: Record<string, unknown>): Node => ({ type, attrs });
const shown = (...content: readonly Node[]) => documentText({ type: 'doc', version: 1, content });

test.each<[string, Node, string]>([
  ['marked text', paragraph('Hello ', 'world'), 'Hello world'],
  ['a line break', paragraph('a', { type: 'hardBreak' }, 'b'), 'a\nb'],
  ['a heading', block('heading', text('Title')), 'Title'],
  ['a quote', block('blockquote', paragraph('said')), 'said'],
  ['code', block('codeBlock', text('if (a) {\n  b();\n}')), 'if (a) {\n  b();\n}'],
  ['a panel', block('panel', paragraph('Careful')), 'Careful'],
  ['a rule', { type: 'rule' }, '—'],
  [
    'bullets in bullets',
    block(
      'bulletList',
      block('listItem', paragraph('one'), block('bulletList', block('listItem', paragraph('inner')))),
      block('listItem', paragraph('two')),
    ),
    '• one\n• inner\n• two',
  ],
  [
    'numbers from where they begin',
    {
      ...block('orderedList', block('listItem', paragraph('c')), block('listItem', paragraph('d'))),
      attrs: { order: 3 },
    },
    '3. c\n4. d',
  ],
  [
    'a table',
    block(
      'table',
      block('tableRow', block('tableHeader', paragraph('Name')), block('tableHeader', paragraph('Age'))),
      block(
        'tableRow',
        block('tableCell', paragraph('Ada'), paragraph('Lovett')),
        block('tableCell', paragraph('36')),
      ),
    ),
    'Name | Age\nAda Lovett | 36',
  ],
  ['a mention', paragraph('by ', leaf('mention', { id: 'x', text: '@Ada' })), 'by @Ada'],
  ['an emoji', paragraph(leaf('emoji', { shortName: ':smile:', text: '😄' })), '😄'],
  ['an emoji of the site’s own', paragraph(leaf('emoji', { shortName: ':party:' })), ':party:'],
  ['a date', paragraph(leaf('date', { timestamp: '1704067200000' })), '2024-01-01'],
  ['a date that is none', paragraph('on ', leaf('date', { timestamp: 'soon' })), 'on'],
  ['a status', paragraph(leaf('status', { text: 'DONE', color: 'green' })), 'DONE'],
  ['a smart link', paragraph(leaf('inlineCard', { url: 'https://example.org/a' })), 'https://example.org/a'],
  ['a smart link that carries its page', leaf('blockCard', { data: { name: 'Plan' } }), 'Plan'],
  [
    'a picture with its caption',
    block(
      'mediaSingle',
      leaf('media', { id: 'u', type: 'file', alt: 'Chart' }),
      block('caption', text('Growth')),
    ),
    '[Chart] Growth',
  ],
  [
    'files',
    block('mediaGroup', leaf('media', { id: 'u', __fileName: 'log.txt' }), leaf('media', { id: 'v' })),
    '[log.txt] [file]',
  ],
  [
    'tasks',
    block(
      'taskList',
      { ...block('taskItem', text('write')), attrs: { state: 'DONE' } },
      { ...block('taskItem', text('ship')), attrs: { state: 'TODO' } },
    ),
    '☑ write\n☐ ship',
  ],
  ['a decision', block('decisionList', block('decisionItem', text('go'))), '→ go'],
  ['what is folded', { ...block('expand', paragraph('inside')), attrs: { title: 'More' } }, 'More\ninside'],
  [
    'columns',
    block(
      'layoutSection',
      block('layoutColumn', paragraph('left')),
      block('layoutColumn', paragraph('right')),
    ),
    'left\nright',
  ],
  ['an app’s part', leaf('extension', { extensionKey: 'toc', text: 'Contents' }), 'Contents'],
  ['a placeholder', paragraph(leaf('placeholder', { text: 'Type here' })), 'Type here'],
  ['a node of tomorrow', block('hologram', paragraph('still read')), 'still read'],
  ['a type that is a name of Object', block('constructor', paragraph('read')), 'read'],
])('%s is read as text', (_, node, expected) => {
  expect(shown(node)).toBe(expected);
});

test('blocks stand on lines of their own', () => {
  expect(shown(block('heading', text('A')), paragraph('b'), paragraph(), paragraph('c'))).toBe('A\nb\nc');
});

test('what is nested beyond measure, or is very long, costs no more than its length', () => {
  let deep: Node = paragraph('bottom');
  for (let depth = 0; depth < 20_000; depth++) deep = block('blockquote', deep);
  expect(shown(paragraph('top'), deep)).toBe('top');
  const started = performance.now();
  shown(paragraph(' '.repeat(680_000)), block('codeBlock', text('\n'.repeat(680_000))));
  expect(performance.now() - started).toBeLessThan(1000);
});

test('only a document is one', () => {
  expect(isDocument({ type: 'doc', content: [] })).toBe(true);
  expect([null, 'doc', { type: 'doc' }, { type: 'paragraph', content: [] }].some(isDocument)).toBe(false);
});
