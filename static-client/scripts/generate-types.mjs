// Writes the types that the server's own schemas stand for. `--check` only compares.
// - src/definition.ts: what a report's definition may say, as the server checks it.
// - src/server/bodies.ts: the bodies of our API, from its description.
import { readFileSync, writeFileSync } from 'node:fs';
import { compile } from 'json-schema-to-typescript';

const root = new URL('../../', import.meta.url);
const STYLE = {
  additionalProperties: false,
  ignoreMinAndMaxItems: true,
  style: { printWidth: 110, singleQuote: true },
};
const WRITTEN_BY = 'by `npm run generate`; do not edit.';
const DEFINITION = 'core/definition/definition.schema.json';
const DESCRIPTION = 'docs/openapi.json';
const PLACE = '#/components/schemas/';

const read = (path) => JSON.parse(readFileSync(new URL(path, root), 'utf8'));

async function definition() {
  const schema = { ...read(DEFINITION), title: 'Definition' };
  return compile(schema, 'Definition', {
    ...STYLE,
    bannerComment: `// Generated from ${DEFINITION} ${WRITTEN_BY}`,
  });
}

async function bodies() {
  const shapes = Object.entries(read(DESCRIPTION).components.schemas).filter(
    ([name]) => !name.startsWith('Definition'),
  );
  const schema = {
    title: 'Bodies',
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(shapes.map(([name]) => [name, { $ref: `#/$defs/${name}` }])),
    $defs: Object.fromEntries(shapes.map(([name, shape]) => [name, moved({ ...shape, title: name })])),
  };
  const banner = `// Generated from ${DESCRIPTION} ${WRITTEN_BY}\nimport type { Definition } from '../definition';`;
  const text = await compile(schema, 'Bodies', { ...STYLE, bannerComment: banner });
  // What holds them all together is of no use to anyone.
  return text.replace(/export interface Bodies \{[^}]*\}\n/, '');
}

/** A shape that refers to its neighbours where the compiler looks for them, and to the definition by its type. */
function moved(part) {
  if (Array.isArray(part)) {
    return part.map(moved);
  }
  if (part === null || typeof part !== 'object') {
    return part;
  }
  if (part.$ref === `${PLACE}Definition`) {
    return { tsType: 'Definition' };
  }
  if (typeof part.$ref === 'string') {
    return { $ref: part.$ref.replace(PLACE, '#/$defs/') };
  }
  return Object.fromEntries(Object.entries(part).map(([name, value]) => [name, moved(value)]));
}

const generated = { 'src/definition.ts': definition, 'src/server/bodies.ts': bodies };
for (const [path, make] of Object.entries(generated)) {
  const target = new URL(path, new URL('static-client/', root));
  const text = await make();
  if (!process.argv.includes('--check')) {
    writeFileSync(target, text);
  } else if (readFileSync(target, 'utf8') !== text) {
    process.stderr.write(`${path} is stale: run \`npm run generate\`\n`);
    process.exitCode = 1;
  }
}
