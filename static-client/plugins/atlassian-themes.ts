import type { Plugin } from 'vite';

const NAME = 'virtual:atlassian-themes.css';

/**
 * The token values of Atlassian's design system as one stylesheet, taken from `@atlaskit/tokens` while
 * building: the page is coloured before any script runs, and a change of mode is one attribute. (The
 * package's own `setGlobalTheme` fetches each theme as a script after the page has been drawn.)
 */
export function atlassianThemes(): Plugin {
  return {
    name: 'atlassian-themes',
    resolveId: (id) => (id === NAME ? `\0${NAME}` : null),
    load: (id) => (id === `\0${NAME}` ? stylesheet() : null),
  };
}

async function stylesheet(): Promise<string> {
  const themes = 'artifacts/themes';
  const [light, dark, spacing, shape, typography] = await Promise.all(
    ['light', 'dark', 'spacing', 'shape', 'typography'].map(async (theme) => {
      const module = await import(`@atlaskit/tokens/dist/cjs/${themes}/atlassian-${theme}.js`);
      return themeText(module.default);
    }),
  );
  return [
    underSelector(`${light}`, ':root'),
    underSelector(`${dark}`, ':root[data-color-mode="dark"]'),
    ...[spacing, shape, typography].map((theme) => underSelector(`${theme}`, ':root')),
  ].join('\n');
}

/** A CommonJS module seen from an ES module has its default export one level deeper. */
function themeText(exported: string | { default: string }): string {
  return typeof exported === 'string' ? exported : exported.default;
}

/** Each of these themes is one rule; its `data-theme` selectors give way to the one given. */
function underSelector(theme: string, selector: string): string {
  const start = theme.indexOf('{');
  if (start < 0 || theme.indexOf('{', start + 1) >= 0) {
    throw new Error('@atlaskit/tokens has changed: a theme is no longer a single rule');
  }
  return selector + theme.slice(start);
}
