import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { issue, lines, openSession } from '../../../tests/tables';
import type { FieldKind } from '../protocol';
import { LONGEST_SHOWN, shortened } from './shortened';

const KINDS: readonly FieldKind[] = [
  'key',
  'text',
  'number',
  'duration',
  'date',
  'datetime',
  'user',
  'option',
  'label',
  'component',
  'version',
  'sprint',
  'status',
  'priority',
  'resolution',
  'project',
  'issuetype',
  'issue',
  'progress',
  'boolean',
  'rank',
  'unknown',
];

/** Members that readers look at, so that generated objects take their paths. */
const MEMBERS = [
  'id',
  'key',
  'name',
  'value',
  'child',
  'type',
  'content',
  'attrs',
  'text',
  'fields',
  'data',
  'outwardIssue',
  'inwardIssue',
  'statusCategory',
  'accountId',
  'displayName',
  'avatarUrls',
  'ongoingCycle',
  'remainingTime',
  'completedCycles',
  'millis',
  'friendly',
  'timeSpent',
  'finalDecision',
  'issuerestrictions',
  'start',
  'end',
  'checked',
  'progress',
  'total',
  'state',
  '__proto__',
  'constructor',
] as const;

/** Texts without braces, so that one in the table comes from an object. */
const plain = fc.oneof(
  fc.string({ maxLength: 20 }).map((text) => text.replace(/[[\]{}]/g, '')),
  fc.constantFrom('doc', 'paragraph', 'table', '2024-01-01', '<script>', '\u202e', '\u200b', ' '),
);

const anything = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    plain,
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    tie('list'),
    tie('object'),
  ),
  list: fc.array(tie('value'), { maxLength: 4 }),
  object: fc.dictionary(fc.oneof(fc.constantFrom(...MEMBERS), plain), tie('value'), { maxKeys: 6 }),
})).value;

function shown(kind: FieldKind, raw: unknown, others: readonly unknown[] = []): string {
  const fields = [{ id: 'x', name: 'X', kind, multiple: false }];
  const issues = [raw, ...others].map((value, index) => issue(index + 1, { x: value }));
  const session = openSession(
    issues,
    { columns: [{ of: { field: 'x' }, aggregate: 'list' }], groups: [{ of: { field: 'x' } }] },
    { fields },
  );
  return lines(session).join('\n');
}

describe('whatever a field holds', () => {
  test('is shown without a bracket of JSON, and never stops the report', () => {
    const property = fc.property(fc.constantFrom(...KINDS), anything, anything, (kind, raw, other) => {
      expect(shown(kind, raw, [other])).not.toMatch(/\[object|[{}]|NaN|undefined|Invalid/);
    });
    fc.assert(property, { numRuns: 2000 });
  });

  test('is read out of a text of JSON the same way', () => {
    const property = fc.property(fc.array(anything, { minLength: 1 }), (raw) => {
      const text = shown('unknown', JSON.stringify(raw));
      expect(text).not.toMatch(/\[object|[{}]/);
    });
    fc.assert(property, { numRuns: 500 });
  });

  test.each(KINDS)('as %s, is told in no more than so many characters', (kind) => {
    const long = 'wide 字 '.repeat(113_400);
    const values = [
      long,
      { id: '1', name: long },
      { accountId: long },
      { type: 'doc', content: [{ type: 'text', text: long }] },
    ];
    for (const line of shown(kind, values[0], values.slice(1)).split('\n')) {
      expect(line.length).toBeLessThan(6 * LONGEST_SHOWN);
    }
  });

  test('is read in time that grows with its length', () => {
    const longs = [
      '{a=json={'.repeat(75_000),
      `{a=${'b'.repeat(680_000)}`,
      `${'1'.repeat(680_000)}x`,
      '[{'.repeat(340_000),
    ];
    const started = performance.now();
    for (const kind of ['unknown', 'text', 'sprint', 'issue', 'date', 'number'] as const) {
      shown(kind, longs[0], longs.slice(1));
    }
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

test('what is cut ends in an ellipsis and not in half a character', () => {
  expect(shortened('a'.repeat(LONGEST_SHOWN))).toHaveLength(LONGEST_SHOWN);
  expect(shortened('a'.repeat(LONGEST_SHOWN + 1))).toBe(`${'a'.repeat(LONGEST_SHOWN - 1)}…`);
  expect(shortened(`${'a'.repeat(LONGEST_SHOWN - 2)}😄b`)).toBe(`${'a'.repeat(LONGEST_SHOWN - 2)}…`);
});
