import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readText, realFile } from '../../tests/real-data';
import { JqlUnclear, orderOf, rangeQuery, takeApart } from './jql';

describe('taking a query apart', () => {
  test.each([
    ['project = A ORDER BY created DESC', 'project = A', 'created DESC'],
    ['project = A order\n by  rank', 'project = A', 'rank'],
    ['project = A', 'project = A', ''],
    ['  ORDER BY key  ', '', 'key'],
    ['', '', ''],
    ['summary ~ "order by x" ORDER BY key', 'summary ~ "order by x"', 'key'],
    ["summary ~ 'it\\'s) order by' ORDER BY key", "summary ~ 'it\\'s) order by'", 'key'],
    ['"order" = 1 order by "by"', '"order" = 1', '"by"'],
    ['summary ~ "(((" AND (a = 1 OR b in (1, 2))', 'summary ~ "(((" AND (a = 1 OR b in (1, 2))', ''],
    ['labels = reorder AND by = 2 ORDER BY x', 'labels = reorder AND by = 2', 'x'],
    ['issue\\ type = value\\) ORDER BY key', 'issue\\ type = value\\)', 'key'],
  ])('%j gives %j and %j', (jql, where, order) => {
    expect(takeApart(jql)).toEqual({ where, order });
  });

  test.each([
    ['a) OR (b'],
    ['(a = 1'],
    ['a = 1)'],
    ['a = "unclosed ORDER BY key'],
    ["a = 'b"],
    ['a = b\\'],
    ['(a = 1 ORDER BY key)'],
    ['a = 1 ORDER BY key ORDER BY rank'],
    ['a = 1 // ) ORDER BY key'],
    ['a = 1 /* ORDER BY */'],
  ])('%j is refused as unclear', (jql) => {
    expect(() => takeApart(jql)).toThrow(JqlUnclear);
  });
});

describe('the rules of an order', () => {
  test('are its fields and directions', () => {
    expect(orderOf('a = 1 ORDER BY priority DESC, "Story Points" asc, cf[10020], key')).toEqual([
      { field: 'priority', direction: 'descending' },
      { field: 'Story Points', direction: 'ascending' },
      { field: 'cf[10020]', direction: 'ascending' },
      { field: 'key', direction: 'ascending' },
    ]);
  });

  test('are none where there is no order, or the query is unclear', () => {
    expect(orderOf('a = 1')).toEqual([]);
    expect(orderOf('a = (1 ORDER BY key')).toEqual([]);
  });
});

describe('narrowing a query', () => {
  test('puts what is wanted in parentheses', () => {
    expect(rangeQuery('a = 1 OR b = 2', '2024-01-01 00:00', '2024-02-01 00:00')).toBe(
      '(a = 1 OR b = 2) AND created >= "2024-01-01 00:00" AND created < "2024-02-01 00:00" ORDER BY created ASC, key ASC',
    );
  });

  test('leaves out what is empty', () => {
    expect(rangeQuery('', undefined, undefined)).toBe('ORDER BY created ASC, key ASC');
    expect(rangeQuery('', '2024-01-01 00:00', undefined)).toBe(
      'created >= "2024-01-01 00:00" ORDER BY created ASC, key ASC',
    );
  });
});

const name = fc.constantFrom(
  'project',
  '"Epic Link"',
  'cf[10001]',
  "'order by'",
  'issue\\ type',
  '"a \\" ( b"',
);
const operand = fc.constantFrom('1', 'A', '"x) ORDER BY y"', 'currentUser()', '(\'a\', "b")', 'a\\)b', '-4w');
const clause = fc
  .tuple(name, fc.constantFrom('=', '!=', '~', 'in', 'is not', '>='), operand)
  .map((parts) => parts.join(' '));
const { where } = fc.letrec<{ where: string }>((tie) => ({
  where: fc.oneof(
    { depthSize: 'small' },
    clause,
    tie('where').map((inner) => `(${inner})`),
    fc.tuple(tie('where'), fc.constantFrom('AND', 'or'), tie('where')).map((parts) => parts.join(' ')),
  ),
}));
const order = fc.array(
  fc.tuple(name, fc.constantFrom('', ' ASC', ' desc')).map((parts) => parts.join('')),
  { minLength: 1, maxLength: 4 },
);

test('any query comes apart where it was put together', () => {
  const property = fc.property(
    where,
    order,
    fc.constantFrom('ORDER BY', 'order  by', 'Order\nBy'),
    (wanted, rules, keyword) => {
      expect(takeApart(`${wanted} ${keyword} ${rules.join(', ')}`)).toEqual({
        where: wanted,
        order: rules.join(', '),
      });
      expect(orderOf(`${wanted} ${keyword} ${rules.join(', ')}`)).toHaveLength(rules.length);
      expect(takeApart(wanted)).toEqual({ where: wanted, order: '' });
    },
  );
  fc.assert(property, { numRuns: 300 });
});

test('no text makes it do anything but answer or refuse', () => {
  const property = fc.property(fc.string({ unit: 'binary' }), (jql) => {
    try {
      const parts = takeApart(jql);
      expect(jql).toContain(parts.where);
      expect(jql).toContain(parts.order);
    } catch (error) {
      expect(error).toBeInstanceOf(JqlUnclear);
    }
  });
  fc.assert(property, { numRuns: 500 });
});

const path = realFile('REAL_JQL');

describe.skipIf(path === undefined)('400 real queries', () => {
  const queries = path
    ? readText(path)
        .split('\n')
        .filter((line) => line.trim() !== '')
    : [];

  test('come apart, with their order where they have one', () => {
    expect(queries.length).toBeGreaterThanOrEqual(400);
    for (const jql of queries) {
      const parts = takeApart(jql);
      const joined = parts.order === '' ? parts.where : `${parts.where} ORDER BY ${parts.order}`;
      expect(joined.trim().replace(/\s+/g, ' ').toLowerCase()).toBe(
        jql.trim().replace(/\s+/g, ' ').toLowerCase(),
      );
      expect(parts.order !== '', jql).toBe(/\border\s+by\b/i.test(jql.replace(/"[^"]*"|'[^']*'/g, '')));
    }
  });

  test('stay what they are when narrowed', () => {
    for (const jql of queries) {
      const { where: wanted } = takeApart(jql);
      const narrowed = takeApart(rangeQuery(wanted, '2024-01-01 00:00', undefined));
      expect(narrowed.where.startsWith(wanted === '' ? 'created' : `(${wanted})`)).toBe(true);
      expect(narrowed.order).toBe('created ASC, key ASC');
    }
  });
});
