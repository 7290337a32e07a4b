import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { atlassianThemes } from './plugins/atlassian-themes';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** One entry a page of the descriptor; nginx serves the result under `/ui/`. */
const PAGES = ['index', 'admin', 'gadget', 'start'];

export default defineConfig({
  base: '/ui/',
  plugins: [atlassianThemes(), react()],
  resolve: {
    // Atlaskit's modern build: no generators or spread polyfills.
    mainFields: ['module:es2019', 'browser', 'module', 'jsnext:main', 'jsnext'],
    alias: [
      // Atlaskit reads its feature gates through Statsig's client, which keeps values in local storage and
      // calls home when initialised. Nothing here does so; without it the client cannot.
      { find: /^@atlaskit\/feature-gate-js-client.*/, replacement: at('./src/views/feature-gates.ts') },
    ],
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
  // Atlaskit's icons are CommonJS with an `__esModule` default; Node's reading of such a default, which a package
  // of type module gets otherwise, would hand React the module instead of the component.
  legacy: { inconsistentCjsInterop: true },
});
