// Adds to a package-lock.json the builds for other platforms that npm left out because the registry at hand
// does not hold them. `npm ci` refuses a lock without them, although it would never install them here.
// Use: node scripts/complete-lock.mjs FOLDER

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SYSTEMS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const PROCESSORS = [
  'arm',
  'arm64',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'wasm32',
  'x64',
];

const file = join(process.argv[2] ?? '.', 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));

/** What a build's name says of its platform, e.g. `binding-linux-arm-musleabihf`. */
function platform(name) {
  const words = name.split(/[/-]/);
  const [os, cpu] = [SYSTEMS, PROCESSORS].map((known) => known.filter((word) => words.includes(word)));
  const libc = os.includes('linux') ? [words.some((word) => word.startsWith('musl')) ? 'musl' : 'glibc'] : [];
  return Object.fromEntries(Object.entries({ cpu, libc, os }).filter(([, values]) => values.length > 0));
}

for (const entry of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const path = `node_modules/${name}`;
    const found = platform(name);
    if (!(path in lock.packages) && (found.os || found.cpu)) {
      lock.packages[path] = { version, ...found, ...(entry.dev ? { dev: true } : {}), optional: true };
    }
  }
}

const sorted = Object.entries(lock.packages).sort(([one], [other]) => (one < other ? -1 : 1));
lock.packages = Object.fromEntries(sorted);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
