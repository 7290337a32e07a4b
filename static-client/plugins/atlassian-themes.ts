import { createRequire } from 'node:module';
import type { Plugin } from 'vite';

const NAME = 'virtual:atlassian-themes.css';
const require = createRequire(import.meta.url);

interface Theme {
  readonly default: string;
}

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

/** Published as CommonJS; from these the build makes its one stylesheet. */
function stylesheet(): string {
  const light: Theme = require('@atlaskit/tokens/dist/cjs/artifacts/themes/atlassian-light.js');
  const dark: Theme = require('@atlaskit/tokens/dist/cjs/artifacts/themes/atlassian-dark.js');
  const spacing: Theme = require('@atlaskit/tokens/dist/cjs/artifacts/themes/atlassian-spacing.js');
  const shape: Theme = require('@atlaskit/tokens/dist/cjs/artifacts/themes/atlassian-shape.js');
  const typography: Theme = require('@atlaskit/tokens/dist/cjs/artifacts/themes/atlassian-typography.js');
  return [
    underSelector(light, ':root'),
    underSelector(dark, ':root[data-color-mode="dark"]'),
    ...[spacing, shape, typography].map((theme) => underSelector(theme, ':root')),
  ].join('\n');
}

/** Each of these themes is one rule; its `data-theme` selectors give way to the one given. */
function underSelector({ default: theme }: Theme, selector: string): string {
  const start = theme.indexOf('{');
  if (start < 0 || theme.indexOf('{', start + 1) >= 0) {
    throw new Error('@atlaskit/tokens has changed: a theme is no longer a single rule');
  }
  return selector + theme.slice(start);
}
