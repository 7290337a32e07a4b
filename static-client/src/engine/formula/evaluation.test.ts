import { describe, expect, test } from 'vitest';
import { contextOf } from '../../../tests/generated-issues';
import { issue, lines, openSession, textOfCell } from '../../../tests/tables';
import type { EngineContext, FieldMetadata } from '../protocol';

const fields: FieldMetadata[] = [
  ...contextOf().fields,
  { id: 'customfield_1', name: 'Start', kind: 'datetime', multiple: false },
  { id: 'customfield_2', name: 'End', kind: 'datetime', multiple: false },
  { id: 'customfield_3', name: 'Note', kind: 'text', multiple: false },
  { id: 'customfield_4', name: 'Flag', kind: 'boolean', multiple: false },
  { id: 'customfield_5', name: 'Done', kind: 'progress', multiple: false },
];

/** What an expression gives for one issue of the fields. */
function give(expression: string, own: Record<string, unknown> = {}, context: Partial<EngineContext> = {}) {
  const formulas = [{ id: 'f', name: 'F', expression }];
  const columns = [{ of: { formula: 'f' } }];
  const session = openSession([issue(1, own)], { columns, formulas }, { fields, ...context });
  return lines(session)[0]?.slice('A-1: '.length);
}

const moments = (start: string, end: string) => ({ customfield_1: start, customfield_2: end });

describe('dates are those of the report’s zone', () => {
  const late = moments('2024-03-30T23:30:00.000+0000', '2024-03-31T22:30:00.000+0000');

  test.each([
    ['UTC', '1', '23', '30', '23'],
    ['Europe/Berlin', '1', '23', '31', '0'],
    ['Pacific/Auckland', '1', '23', '31', '12'],
    ['America/Los_Angeles', '1', '23', '30', '16'],
  ])('in %s', (timeZone, days, hours, day, hour) => {
    const of = (expression: string) => give(expression, late, { timeZone });
    expect(of('days_between(customfield_1, customfield_2)')).toBe(days);
    expect(of('hours_between(customfield_1, customfield_2)')).toBe(hours);
    expect(of('day(customfield_1)')).toBe(day);
    expect(of('hour(customfield_1)')).toBe(hour);
  });

  test('a day added keeps the time of day when the clock changes', () => {
    const own = moments('2024-03-30T09:00:00.000+0100', '');
    const timeZone = 'Europe/Berlin';
    expect(give('text(add_days(customfield_1, 1))', own, { timeZone })).toBe('2024-03-31 09:00');
    expect(give('hours_between(customfield_1, add_days(customfield_1, 1))', own, { timeZone })).toBe('23');
  });

  test('a moment of a day equals the day, and is neither before nor after it', () => {
    const own = { ...moments('2024-02-15T23:30:00.000+0100', ''), duedate: '2024-02-15' };
    const timeZone = 'Europe/Berlin';
    for (const holds of ['=', '<=', '>=']) {
      expect(give(`customfield_1 ${holds} duedate`, own, { timeZone })).toBe('Yes');
      expect(give(`duedate ${holds} customfield_1`, own, { timeZone })).toBe('Yes');
    }
    for (const fails of ['!=', '<', '>']) {
      expect(give(`customfield_1 ${fails} duedate`, own, { timeZone })).toBe('No');
    }
    expect(give('customfield_1 = today()', own, { timeZone })).toBe('Yes');
    expect(give('customfield_1 < today()', own, { timeZone: 'Pacific/Auckland' })).toBe('No');
  });

  test('a day among moments is its first one', () => {
    const own = { ...moments('2024-02-15T10:00:00.000+0000', ''), duedate: '2024-02-15' };
    const timeZone = 'America/New_York';
    expect(give('text(earliest(customfield_1, duedate))', own, { timeZone })).toBe('2024-02-15 00:00');
    expect(give('hours_between(duedate, customfield_1)', own, { timeZone })).toBe('5');
  });

  test.each([
    ['add_days(duedate, 1e9)'],
    ['add_months(duedate, -1e7)'],
    ['add_days(duedate, 3000000)'],
    ['add_days(customfield_1, 3000000)'],
    ['add_working_days(customfield_1, -3999999)'],
    ['make_date(99999, 1, 1)'],
    ['make_date(2024, 1.5, 1)'],
    ['add_days(duedate, 0 / 0)'],
  ])('%s is beyond all that can be shown', (expression) => {
    const own = { ...moments('2024-02-15T10:00:00.000+0000', ''), duedate: '2024-02-15' };
    expect(give(expression, own)).toBe('–');
  });
});

describe('working days', () => {
  const between = (from: string, to: string) => give(`working_days_between(date("${from}"), date("${to}"))`);
  const days = Array.from({ length: 30 }, (_, at) => new Date(Date.UTC(2024, 1, at + 1)));
  const text = (day: Date | undefined) => day?.toISOString().slice(0, 10) ?? '';

  test('are counted as one counts them on a calendar', () => {
    for (const from of [0, 2, 3, 6]) {
      for (const to of days.keys()) {
        const [low, high] = from <= to ? [from, to] : [to, from];
        const passed = days.slice(low + 1, high + 1).filter((day) => day.getUTCDay() % 6 !== 0).length;
        expect(between(text(days[from]), text(days[to]))).toBe(String(from <= to ? passed : 0 - passed));
      }
    }
  });

  test('are added as one counts them on a calendar', () => {
    for (const from of [0, 1, 2, 3, 4]) {
      for (const count of [1, 4, 5, 6, 11]) {
        const later = days.slice(from + 1).filter((day) => day.getUTCDay() % 6 !== 0)[count - 1];
        expect(give(`text(add_working_days(date("${text(days[from])}"), ${count}))`)).toBe(text(later));
      }
    }
  });
});

describe('what is empty', () => {
  test.each([
    ['timespent + 1', '–'],
    ['1 / 0', '–'],
    ['1 % 0', '–'],
    ['0 / 0', '–'],
    ['10 ^ 400', '–'],
    ['timespent ^ 0', '–'],
    ['timespent = null', 'Yes'],
    ['timespent != 5', 'Yes'],
    ['timespent = 0', 'No'],
    ['timespent < 5', 'No'],
    ['timespent >= null', 'No'],
    ['summary = ""', 'Yes'],
    ['summary <= ""', 'No'],
    ['summary != "a"', 'Yes'],
    ['duedate = null', 'Yes'],
    ['not (duedate < today())', 'Yes'],
    ['not null', 'Yes'],
    ['null and true', 'No'],
    ['null or true', 'Yes'],
    ['if(customfield_4, 1, 2)', '2'],
    ['is_empty(customfield_4)', 'Yes'],
    ['concat(summary, "a", null)', 'a'],
    ['upper(summary)', '–'],
    ['length(summary)', '0'],
    ['count(labels)', '0'],
    ['contains("abc", null)', 'No'],
    ['replace("abc", "b", null)', 'ac'],
    ['replace("abc", null, "x")', 'abc'],
    ['left("abc", null)', '–'],
    ['coalesce(labels, labels)', '–'],
    ['if(true, labels)', '–'],
    ['first(if(false, labels))', '–'],
    ['-0 * 5', '0'],
    ['round(-0.4)', '0'],
  ])('%s is %s', (expression, expected) => {
    expect(give(expression)).toBe(expected);
  });
});

describe('fields of every type', () => {
  test('can be read', () => {
    const own = {
      customfield_4: true,
      customfield_5: { progress: 1, total: 4 },
      assignee: { accountId: 'a', displayName: 'Ada' },
      labels: ['b', 'a'],
      components: [{ id: '1', name: 'Engine' }],
    };
    expect(give('if(customfield_4, "yes", "no")', own)).toBe('yes');
    expect(give('customfield_4 = true', own)).toBe('Yes');
    expect(give('customfield_5 / 100', own)).toBe('0.25');
    expect(give('assignee', own)).toBe('Ada');
    expect(give('concat(join(labels), " ", last(labels), " ", first(components))', own)).toBe(
      'b, a a Engine',
    );
    expect(give('coalesce(components, labels)', own)).toBe('Engine');
    expect(give('has(if(customfield_4, labels, components), "A")', own)).toBe('Yes');
    expect(give('text(labels)', own)).toBe('b, a');
    expect(give('customfield_404', own)).toContain('does not exist');
  });

  test('texts compare by the reader’s language, in small or capital letters', () => {
    expect(give('"ä" < "b"', {}, { locale: 'de' })).toBe('Yes');
    expect(give('"ä" < "z"', {}, { locale: 'sv' })).toBe('No');
    expect(give('summary = "CRASH"', { summary: 'Crash' })).toBe('Yes');
    expect(give('summary < customfield_3', { summary: 'a', customfield_3: 'B' })).toBe('Yes');
  });

  test('times are seconds, and days are the site’s', () => {
    expect(give('hours(timespent)', { timespent: 5400 })).toBe('1.5');
    expect(give('days(timespent)', { timespent: 5400 * 5 }, { hoursPerDay: 7.5 })).toBe('1');
  });
});

describe('nothing grows without end', () => {
  test('texts are cut', () => {
    const doubled = Array.from({ length: 30 }, (_, at) => ({
      id: `f${at}`,
      name: `F${at}`,
      expression: at === 0 ? '"abcdefghij"' : `concat(f${at - 1}, f${at - 1})`,
    }));
    const formulas = [...doubled, { id: 'size', name: 'Size', expression: 'length(f29)' }];
    const session = openSession([issue(1)], { columns: [{ of: { formula: 'size' } }], formulas });
    expect(lines(session)).toEqual(['A-1: 10,000']);
  });

  test('more text than can be held is told, and soon', () => {
    const long = { customfield_3: 'b'.repeat(10_000) };
    const many = Array.from({ length: 25_000 }, (_, at) =>
      issue(at + 1, at === 0 ? long : { ...long, votes: at }),
    );
    const columns = [{ of: { formula: 'f' } }, { of: { field: 'customfield_3' } }];
    const formulas = [{ id: 'f', name: 'F', expression: 'concat(customfield_3, issuekey)' }];
    const session = openSession(many, { columns, formulas }, { fields });
    expect(textOfCell(session.rows(0, 1).rows[0]?.cells[0] ?? { values: [] })).toBe(
      'It makes more text than can be held.',
    );
    expect(session.view().notices).toEqual([
      'Formula “F” is not computed. It makes more text than can be held.',
    ]);
  });

  test('replacing each character by many stops', () => {
    const own = { summary: 'a'.repeat(5000), customfield_3: 'b'.repeat(5000) };
    expect(give('length(replace(summary, "a", customfield_3))', own)).toBe('10,000');
  });
});
