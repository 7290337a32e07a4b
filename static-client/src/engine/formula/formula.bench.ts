import { bench, describe } from 'vitest';
import { contextOf, generateIssues } from '../../../tests/generated-issues';
import type { Definition } from '../../definition';
import { EngineSession } from '../session';

const EXPRESSIONS = {
  arithmetic: '(timeoriginalestimate - timespent) / 3600',
  choice: 'if(timespent > timeoriginalestimate, "over", if(is_empty(timespent), "none", "within"))',
  dates: 'working_days_between(created, add_days(duedate, 14)) + weekday(created)',
  texts: 'concat(upper(status), ": ", left(summary, 20))',
  lists: 'has(components, "Component 3") or count(components) > 2',
};

/** A constant that changes has the formula computed anew: one that stays as it was is kept. */
describe.each(Object.entries(EXPRESSIONS))('a formula of %s', (_, expression) => {
  describe.each([12_500, 100_000])('over %i issues', (count) => {
    const definition = (text: string): Definition => ({
      jql: 'project = A ORDER BY key',
      columns: [{ of: { formula: 'f' } }],
      formulas: [{ id: 'f', name: 'F', expression: text }],
    });
    const fields = [
      'summary',
      'status',
      'created',
      'duedate',
      'timespent',
      'timeoriginalestimate',
      'components',
    ];
    const columns = fields.map((field) => ({ of: { field } }));
    const session = new EngineSession({ ...definition(expression), columns }, contextOf(), 0);
    session.add(generateIssues(count));
    session.define(definition(expression));
    let turn = 0;
    bench('computed anew', () => {
      session.define(definition(`${expression}${' '.repeat(++turn % 50)}`));
    });
  });
});
