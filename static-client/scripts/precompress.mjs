// Lays x.br and x.gz beside every built file that shrinks, for an nginx that compresses nothing itself.

import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const DIST = fileURLToPath(new URL('../dist', import.meta.url));
const COMPRESSIBLE = /\.(css|html|js|json|svg)$/;
const LEAST_BYTES = 1024;

function files(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? files(path) : [path];
  });
}

function brotli(content) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
  };
  return brotliCompressSync(content, { params });
}

function precompress(path) {
  const content = readFileSync(path);
  for (const [suffix, packed] of [
    ['.br', brotli(content)],
    ['.gz', gzipSync(content, { level: 9 })],
  ]) {
    if (packed.length < content.length) {
      writeFileSync(path + suffix, packed);
    }
  }
}

for (const path of files(DIST)) {
  if (COMPRESSIBLE.test(path) && statSync(path).size > LEAST_BYTES) {
    precompress(path);
  }
}
