import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Built as the product's pages are. */
export default {
  root: at('.'),
  base: './',
  logLevel: 'error',
  build: { target: 'es2022', outDir: at('../../.cache/bench/page'), emptyOutDir: true },
  worker: { format: 'es' },
};
