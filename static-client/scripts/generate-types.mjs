// Writes src/definition.ts from the schema that the server validates with. `--check` only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { compile } from 'json-schema-to-typescript';

const source = new URL('../../core/definition/definition.schema.json', import.meta.url);
const target = new URL('../src/definition.ts', import.meta.url);

const schema = JSON.parse(readFileSync(source, 'utf8'));
schema.title = 'Definition';
const text = await compile(schema, 'Definition', {
  additionalProperties: false,
  bannerComment:
    '// Generated from core/definition/definition.schema.json by `npm run generate`; do not edit.',
  ignoreMinAndMaxItems: true,
  style: { printWidth: 110, singleQuote: true },
});

if (!process.argv.includes('--check')) {
  writeFileSync(target, text);
} else if (readFileSync(target, 'utf8') !== text) {
  process.stderr.write('src/definition.ts is stale: run `npm run generate`\n');
  process.exit(1);
}
