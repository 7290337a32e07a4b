import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contextOf } from '../../../tests/generated-issues';
import { column, group, groupLines, issue, lines, openSession, textOfCell } from '../../../tests/tables';
import type { Column, Definition, Filter, Formula, Group, Sort } from '../../definition';

const status = (name: string) => ({ id: name, name, statusCategory: { key: 'new' } });
const hour = 3600;
const issues = [
  issue(1, {
    timespent: 2 * hour,
    timeoriginalestimate: 4 * hour,
    status: status('Open'),
    labels: ['a', 'b'],
  }),
  issue(2, { timespent: 9 * hour, timeoriginalestimate: 3 * hour, status: status('Open'), labels: ['b'] }),
  issue(3, { timespent: 5 * hour, status: status('Done'), duedate: '2024-02-10' }),
  issue(4, { timeoriginalestimate: hour, status: status('Done'), duedate: '2024-02-29' }),
];

function formula(expression: string, rest: Partial<Formula> = {}): Formula {
  return { id: 'f', name: 'F', expression, ...rest };
}

const shown = (rest: Partial<Column> = {}): Column => ({ of: { formula: 'f' }, ...rest });

function open(expression: string, rest: Partial<Definition> = {}, own: Partial<Formula> = {}) {
  return openSession(issues, { columns: [shown()], formulas: [formula(expression, own)], ...rest });
}

function cells(expression: string, rest: Partial<Definition> = {}): readonly string[] {
  return lines(open(expression, rest)).map((line) => line.replace(/^.*?: /, ''));
}

describe('a formula is shown', () => {
  test('as a number, in the format of its column', () => {
    expect(cells('timespent / 3600')).toEqual(['2', '9', '5', '–']);
    expect(cells('timespent / 3600', { columns: [shown({ format: { style: 'hours' } })] })[1]).toBe('9 h');
    expect(cells('timespent', { columns: [shown({ format: { style: 'duration' } })] })[1]).toBe('1d 1h');
    const percent = { columns: [shown({ format: { style: 'percent' as const, digits: 0 } })] };
    expect(cells('timespent / timeoriginalestimate', percent)).toEqual(['50%', '300%', '–', '–']);
  });

  test('as a date, a text, a condition and several values', () => {
    expect(cells('add_days(duedate, 1)')).toEqual(['–', '–', '11 Feb 2024', '1 Mar 2024']);
    expect(cells('concat(issuekey, ": ", status)')[3]).toBe('A-4: Done');
    expect(cells('duedate < today()')).toEqual(['No', 'No', 'Yes', 'No']);
    expect(cells('labels')).toEqual(['a, b', 'b', '–', '–']);
    expect(cells('null')).toEqual(['–', '–', '–', '–']);
  });

  test('with a day that is the same in every zone', () => {
    for (const timeZone of ['Pacific/Kiritimati', 'America/Los_Angeles']) {
      const columns = [shown()];
      const session = openSession(issues, { columns, formulas: [formula('duedate')] }, { timeZone });
      expect(lines(session)[2]).toBe('A-3: 10 Feb 2024');
    }
  });
});

describe('a formula is like a field', () => {
  test('to sort by', () => {
    const sort = [{ of: { formula: 'f' }, direction: 'descending' as const }];
    expect(lines(open('timespent - timeoriginalestimate', { sort }))).toEqual([
      'A-2: 21,600',
      'A-1: -7,200',
      'A-3: –',
      'A-4: –',
    ]);
  });

  test('to filter by', () => {
    const over = [{ of: { formula: 'f' }, operator: 'greater' as const, values: [10_000] }];
    expect(lines(open('timespent', { filters: over }))).toHaveLength(2);
    const late = [{ of: { formula: 'f' }, operator: 'equals' as const, values: [true] }];
    expect(lines(open('duedate < today()', { filters: late }))).toEqual(['A-3: Yes']);
    const text = [{ of: { formula: 'f' }, operator: 'contains' as const, values: ['-DO'] }];
    expect(lines(open('concat(issuekey, "-", status)', { filters: text }))).toHaveLength(2);
  });

  test('to group by, and to add up', () => {
    const columns = [shown({ aggregate: 'sum' }), column('timespent', 'count')];
    const session = open('timespent / 3600', { columns, groups: [group('status')] });
    expect(groupLines(session)).toEqual(['Done (2): 5 | 2', 'Open (2): 11 | 2']);
    expect(session.view().totals.map(textOfCell)).toEqual(['16', '4']);
    const groups = [{ of: { formula: 'f' } }];
    const size = 'if(is_empty(timespent), "none", if(timespent > 10000, "large", "small"))';
    expect(groupLines(open(size, { columns: [column('issuekey', 'count')], groups }))).toEqual([
      'large (2): 2',
      'none (1): 1',
      'small (1): 1',
    ]);
  });

  test('each of several values being a group', () => {
    const columns = [column('issuekey', 'count')];
    const session = open('labels', { columns, groups: [{ of: { formula: 'f' } }] });
    expect(groupLines(session)).toEqual(['a (1): 1', 'b (2): 2', '– (2): 2']);
  });

  test('to order groups by', () => {
    const orderBy = { of: { formula: 'f' }, aggregate: 'sum' as const };
    const groups = [group('status', { orderBy, direction: 'descending' })];
    expect(groupLines(open('timespent / 3600', { columns: [shown({ aggregate: 'sum' })], groups }))).toEqual([
      'Open (2): 11',
      'Done (2): 5',
    ]);
  });
});

describe('a roll-up', () => {
  const groups = [group('status')];
  const ratio = 'timespent / timeoriginalestimate';

  test('is an aggregate of the rows', () => {
    expect(groupLines(open(ratio, { groups }, { rollup: 'average' }))).toEqual([
      'Done (2): –',
      'Open (2): 1.75',
    ]);
  });

  test('or the expression over what the group adds up to', () => {
    const session = open(ratio, { groups }, { rollup: 'evaluate' });
    expect(groupLines(session)).toEqual(['Done (2): 5', 'Open (2): 1.57']);
    expect(session.view().totals.map(textOfCell)).toEqual(['2']);
  });

  test('reads a field as its column shows it', () => {
    const columns = [shown(), column('timespent', 'maximum')];
    expect(groupLines(open('timespent / 3600', { groups, columns }, { rollup: 'evaluate' }))).toEqual([
      'Done (2): 5 | 5h',
      'Open (2): 9 | 1d 1h',
    ]);
  });

  test('reads texts and dates where all issues agree, and all of several values', () => {
    const of = (expression: string) => groupLines(open(expression, { groups }, { rollup: 'evaluate' }));
    expect(of('upper(status)')).toEqual(['Done (2): DONE', 'Open (2): OPEN']);
    expect(of('duedate')).toEqual(['Done (2): –', 'Open (2): –']);
    expect(of('count(labels)')).toEqual(['Done (2): 0', 'Open (2): 2']);
    expect(of('timespent > 20000')).toEqual(['Done (2): No', 'Open (2): Yes']);
    expect(of('labels')).toEqual(['Done (2): –', 'Open (2): a, b']);
  });

  test('reads another formula by its own roll-up', () => {
    const formulas = [
      formula('2 * hours', { rollup: 'evaluate' }),
      { id: 'hours', name: 'Hours', expression: 'timespent / 3600', rollup: 'maximum' as const },
    ];
    const session = openSession(issues, { columns: [shown()], formulas, groups });
    expect(groupLines(session)).toEqual(['Done (2): 10', 'Open (2): 18']);
  });

  test('gives way to what the column says', () => {
    const columns = [shown({ aggregate: 'maximum' })];
    expect(groupLines(open(ratio, { groups, columns }, { rollup: 'evaluate' }))).toEqual([
      'Done (2): –',
      'Open (2): 3',
    ]);
  });

  test('of a field that includes sub-tasks adds none twice', () => {
    const types = { parent: { id: '1', name: 'Story' }, child: { id: '2', name: 'Sub-task', subtask: true } };
    const family = [
      issue(1, { aggregatetimespent: 5 * hour, issuetype: types.parent }),
      issue(2, { aggregatetimespent: 3 * hour, issuetype: types.child, parent: { key: 'A-1' } }),
    ];
    const total = (own: Partial<Formula>, rest: Partial<Column> = {}) => {
      const formulas = [formula('aggregatetimespent / 3600', own)];
      const sigma = { id: 'aggregatetimespent', name: 'Σ', kind: 'duration' as const, multiple: false };
      const context = { fields: [...contextOf().fields, sigma] };
      return openSession(family, { columns: [shown(rest)], formulas }, context)
        .view()
        .totals.map(textOfCell);
    };
    expect(total({ rollup: 'evaluate' })).toEqual(['5']);
    expect(total({}, { aggregate: 'sum' })).toEqual(['5']);
  });
});

describe('what cannot be computed', () => {
  test.each([
    ['1 +', 'at character 4: a value is expected, not the end'],
    ['upper(timespent)', "at character 7: upper's text takes a text, and this is a number"],
    ['timespnt', 'did you mean "timespent"?'],
    ['customfield_404', 'at character 1: the field customfield_404 does not exist, or you may not see it'],
    ['f + 1', 'goes round in a circle: f → f'],
    ['[worklog.started]', "worklog.started is a worklog's field"],
  ])('%s is told, and the rest is computed', (expression, reason) => {
    const session = open(expression, { columns: [shown({ aggregate: 'sum' }), column('timespent', 'sum')] });
    expect(lines(session)[1]).toContain(reason);
    expect(lines(session)[1]).toMatch(/\| 1d 1h$/);
    expect(session.view().notices.join()).toContain(reason);
    expect(session.view().columns[0]?.missing).toBe(true);
    expect(session.view().totals.map(textOfCell)[1]).toBe('2d');
  });

  test('is told in every group that it would be evaluated for', () => {
    const session = open('1 +', { groups: [group('status')] }, { rollup: 'evaluate' });
    expect(groupLines(session)[0]).toContain('a value is expected, not the end');
  });

  test('is told where it is used', () => {
    const formulas = [formula('g * 2'), { id: 'g', name: 'G', expression: '1 +' }];
    const session = openSession(issues, { columns: [shown()], formulas });
    expect(lines(session)[0]).toContain('uses the formula "g", which cannot be computed');
    const rules = { sort: [{ of: { formula: 'f' } }], groups: [{ of: { formula: 'f' } }], formulas };
    expect(
      openSession(issues, rules)
        .view()
        .notices.map((notice) => notice.slice(0, 14)),
    ).toEqual(['Group “F” is l', 'Sort rule “F” ']);
  });

  test('is told of a formula that there is not', () => {
    expect(lines(openSession(issues, { columns: [shown()] }))[0]).toContain('There is no such formula');
  });

  test('is told of a field that was not loaded', () => {
    const session = openSession(issues, { columns: [shown()], formulas: [formula('1')] });
    session.define({ jql: '', columns: [shown()], formulas: [formula('length(description)')] });
    expect(lines(session)[0]).toContain('Not loaded yet');
  });
});

describe('a formula that changes', () => {
  test('changes order, groups and totals', () => {
    const of = { formula: 'f' };
    const columns = [shown({ aggregate: 'sum' })];
    const definition = (expression: string): Definition => ({
      jql: 'project = A',
      columns,
      formulas: [formula(expression)],
      sort: [{ of, direction: 'descending' }],
      filters: [{ of, operator: 'is not empty' }],
      groups: [{ of, by: 'range', step: 10 }],
    });
    const session = openSession(issues, definition('timespent / 3600'));
    const first = lines(session);
    session.define(definition('0 - timespent / 3600'));
    const second = lines(session);
    expect(second).not.toEqual(first);
    expect(second).toEqual(lines(openSession(issues, definition('0 - timespent / 3600'))));
    session.define(definition('timespent / 3600'));
    expect(lines(session)).toEqual(first);
  });

  test('counts the issues that come later', () => {
    const session = open('timespent / 3600', { columns: [shown({ aggregate: 'sum' })] });
    session.add([issue(5, { timespent: 100 * hour })]);
    session.refresh();
    expect(session.view().totals.map(textOfCell)).toEqual(['116']);
  });
});

test('a report is the same whatever was looked at before', () => {
  const of = { formula: 'f' };
  const expression = fc.constantFrom('timespent / 3600', '0 - timespent', 'g + 1', 'length(status)');
  const other = fc.constantFrom('timespent', 'timeoriginalestimate', 'count(labels)');
  const definitions = fc
    .record({
      formulas: fc.tuple(expression, other, fc.constantFrom('sum' as const, 'evaluate' as const)),
      sort: fc.constantFrom<Sort[]>([], [{ of }], [{ of, direction: 'descending' as const }]),
      filters: fc.constantFrom<Filter[]>([], [{ of, operator: 'greater' as const, values: [2] }]),
      groups: fc.constantFrom<Group[]>(
        [],
        [{ of }],
        [{ of, by: 'range' as const, step: 3 }],
        [group('status')],
      ),
    })
    .map(({ formulas: [first, second, rollup], ...rules }) => ({
      ...rules,
      columns: [shown(), column('timespent', 'sum')],
      formulas: [formula(first, { rollup }), { id: 'g', name: 'G', expression: second }],
    }));
  const fields = ['timespent', 'timeoriginalestimate', 'labels', 'status'];
  const property = fc.property(fc.array(definitions, { minLength: 2, maxLength: 6 }), (several) => {
    const session = openSession(issues, { columns: fields.map((id) => column(id)) });
    for (const definition of several) {
      session.define({ jql: 'project = A', ...definition });
      expect(lines(session)).toEqual(lines(openSession(issues, definition)));
      expect(session.view().totals).toEqual(openSession(issues, definition).view().totals);
    }
  });
  fc.assert(property, { numRuns: 200 });
});

test('formulas of fields with a name of the language’s own objects are none', () => {
  for (const name of ['constructor', '__proto__', 'toString']) {
    expect(cells(name)[0]).toContain('there is no formula or field');
    expect(cells(`${name}()`)[0]).toContain('there is no function');
  }
});

test('fifty formulas, each using the two before, are computed at once', () => {
  const formulas = Array.from({ length: 50 }, (_, at) => ({
    id: `f${at}`,
    name: `F${at}`,
    expression: at < 2 ? '1' : `f${at - 1} + f${at - 2}`,
  }));
  const session = openSession(issues, { columns: [{ of: { formula: 'f49' } }], formulas });
  expect(lines(session)[0]).toBe('A-1: 12,586,269,025');
});
