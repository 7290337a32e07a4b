/** The client's own addresses, as they stand in the host's history. They name reports, never issue data. */
export type Route =
  | { readonly view: 'list' }
  | { readonly view: 'new'; readonly template?: string }
  | { readonly view: 'report'; readonly id: string; readonly depth?: number | 'all' }
  | { readonly view: 'edit'; readonly id: string };

const PATTERNS: readonly (readonly [RegExp, (match: RegExpExecArray) => Route])[] = [
  [/^new(?:\/([a-z-]{1,40}))?$/, ([, template]) => ({ view: 'new', ...(template ? { template } : {}) })],
  [/^report\/([0-9a-f-]{36})\/edit$/, ([, id = '']) => ({ view: 'edit', id })],
  [
    /^report\/([0-9a-f-]{36})(?:\/(all|\d))?$/,
    ([, id = '', depth]) => ({
      view: 'report',
      id,
      ...(depth ? { depth: depth === 'all' ? ('all' as const) : Number(depth) } : {}),
    }),
  ],
];

/** A state that is none of ours is the list. */
export function parseRoute(state: string): Route {
  for (const [pattern, build] of PATTERNS) {
    const match = pattern.exec(state);
    if (match) {
      return build(match);
    }
  }
  return { view: 'list' };
}

export function formatRoute(route: Route): string {
  switch (route.view) {
    case 'list':
      return '';
    case 'new':
      return route.template ? `new/${route.template}` : 'new';
    case 'edit':
      return `report/${route.id}/edit`;
    case 'report':
      return route.depth === undefined ? `report/${route.id}` : `report/${route.id}/${route.depth}`;
  }
}
