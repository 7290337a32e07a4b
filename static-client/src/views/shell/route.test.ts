import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatRoute, parseRoute, type Route } from './route';

const routes: fc.Arbitrary<Route> = fc.oneof(
  fc.constant({ view: 'list' } as const),
  fc.constant({ view: 'new' } as const),
  fc.constantFrom('effort-by-month', 'a').map((template) => ({ view: 'new', template }) as const),
  fc.uuid().map((id) => ({ view: 'edit', id }) as const),
  fc.uuid().map((id) => ({ view: 'report', id }) as const),
  fc
    .tuple(fc.uuid(), fc.oneof(fc.nat(9), fc.constant('all' as const)))
    .map(([id, depth]) => ({ view: 'report', id, depth }) as const),
);

test('every route is what its text says', () => {
  fc.assert(
    fc.property(routes, (route) => {
      expect(parseRoute(formatRoute(route))).toEqual(route);
    }),
  );
});

test('any other text is the list', () => {
  for (const text of ['x', 'report', 'report/1', 'report/../../etc', 'new/<b>', 'edit/1']) {
    expect(parseRoute(text)).toEqual({ view: 'list' });
  }
});

test('no text makes it fail', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(['list', 'new', 'edit', 'report']).toContain(parseRoute(text).view);
    }),
  );
});
