import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { atlassianThemes } from './plugins/atlassian-themes';
import { noFeatureGates } from './plugins/no-feature-gates';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** One entry a page of the descriptor; nginx serves the result under `/ui/`. */
const PAGES = ['index', 'admin', 'gadget', 'start'];

export default defineConfig({
  base: '/ui/',
  plugins: [noFeatureGates(), atlassianThemes(), react()],
  resolve: {
    // Atlaskit's modern build: no generators or spread polyfills.
    mainFields: ['module:es2019', 'browser', 'module', 'jsnext:main', 'jsnext'],
  },
  define: {
    'process.env.NODE_ENV': JSON.stringify(process.env.NODE_ENV ?? 'production'),
    'process.env.REACT_SSR': 'undefined',
    'process.env.ENABLE_PLATFORM_FF': 'false',
    'process.env.STORYBOOK_ENABLE_PLATFORM_FF': 'false',
    'process.env.CI': 'undefined',
    'process.env': '{}',
  },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    sourcemap: false,
    rolldownOptions: { input: Object.fromEntries(PAGES.map((page) => [page, at(`./${page}.html`)])) },
  },
  worker: { format: 'es' },
});
