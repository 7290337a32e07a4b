/**
 * `node run.mjs MODULE`: calls `run(job)` of a TypeScript module of this folder with the job on standard input,
 * and writes what it returns, as JSON, to standard output.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const options = { root: here('../..'), configFile: false, logLevel: 'error' };
const { module } = await runnerImport(here(`./${process.argv[2]}.ts`), options);
process.stdout.write(JSON.stringify(await module.run(JSON.parse(readFileSync(0, 'utf8')))));
