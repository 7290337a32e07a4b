/**
 * Answers report definitions with the product's engine, as it stands in `static-client/src` or in a copy of it.
 *
 * `node engine.mjs <task.json> <answers.jsonl>`; the task is `{sources, issues, fields, priorities, cases}`, a
 * case `{definition, zone, locale, now}`. Each answer is one line: totals, groups in the order they are shown,
 * the ids of issues under each innermost group, and the cells of the first issues.
 */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';

const CLIENT = fileURLToPath(new URL('../../static-client/', import.meta.url));
const ENTRY = 'oracle-entry';
/** Issues whose every cell is told; of the others only their order. */
const FULL_ISSUES = 60;
/** Rows asked for at a time, as the page does. */
const WINDOW = 5000;

async function loadEngine(sources) {
  const vite = await import(pathToFileURL(createRequire(join(CLIENT, 'package.json')).resolve('vite')).href);
  const path = (file) => JSON.stringify(join(sources, file));
  const entry = {
    name: ENTRY,
    resolveId: (id) => (id === ENTRY ? id : undefined),
    load: (id) =>
      id === ENTRY
        ? `export { EngineSession } from ${path('engine/session.ts')};
           export { fieldMetadata } from ${path('jira/fields.ts')};`
        : undefined,
  };
  const built = await vite.build({
    configFile: false,
    logLevel: 'error',
    root: sources,
    plugins: [entry],
    build: { ssr: true, write: false, minify: false, rolldownOptions: { input: ENTRY } },
  });
  const { code } = built.output[0];
  return import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);
}

function readIssues(path) {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text.split('\n').filter(Boolean).map((line) => JSON.parse(line));
}

/** A number, a date's ISO form, or the text that a person reads. */
function rawValue(value) {
  if (value.kind === 'number') return value.number;
  if (value.kind === 'duration') return value.seconds;
  if (value.kind === 'date') return value.iso;
  return value.kind === 'key' ? value.key : value.text;
}

function rawCell(cell) {
  return cell.error === undefined ? cell.values.map(rawValue) : { error: cell.error };
}

function label(cell) {
  return cell.values.map((value) => (value.kind === 'date' ? `${value.text} (${value.iso})` : (value.text ?? value.key)));
}

function* visibleRows(session, count) {
  for (let from = 0; from < count; from += WINDOW) yield* session.rows(from, from + WINDOW).rows;
}

/** The engine shows no more than is open, so groups and issues are asked for one after the other. */
function answer(session, definition) {
  const levels = definition.groups?.length ?? 0;
  session.define(definition);
  const view = session.expand(levels - 1);
  const groups = [];
  if (levels > 0) {
    for (const { depth, label: cell, count, share, cells } of visibleRows(session, view.rowCount)) {
      groups.push([depth, label(cell), count, share, cells.map(rawCell)]);
    }
  }
  const totals = view.totals.map(rawCell);
  return { notices: view.notices, totals, issueCount: view.issueCount, groups, ...issuesOf(session, definition) };
}

function issuesOf(session, definition) {
  const shown = session.expand('all');
  const first = session.rows(0, FULL_ISSUES * 2).rows.filter(({ kind }) => kind === 'issue');
  const cells = first.slice(0, FULL_ISSUES).map((row) => [row.id, row.cells.map(rawCell)]);
  session.define({ ...definition, columns: [{ of: { field: 'issuekey' } }] });
  const blocks = [];
  const levels = definition.groups?.length ?? 0;
  if (levels === 0) blocks.push([]);
  for (const row of visibleRows(session, shown.rowCount)) {
    if (row.kind === 'issue') blocks.at(-1).push(row.id);
    else if (row.depth === levels - 1) blocks.push([]);
  }
  return { blocks, cells };
}

const [taskPath, answersPath] = process.argv.slice(2);
const task = JSON.parse(readFileSync(taskPath, 'utf8'));
const { EngineSession, fieldMetadata } = await loadEngine(task.sources);
const issues = readIssues(task.issues);
const fields = fieldMetadata(task.fields);
const everything = { jql: '', columns: task.fields.map(({ id }) => ({ of: { field: id } })) };
const sessions = new Map();

function sessionOf({ definition, zone, locale, now }) {
  const { rows = 'issue' } = definition;
  const key = `${rows} ${zone} ${locale} ${now}`;
  if (!sessions.has(key)) {
    const working = { hoursPerDay: 8, daysPerWeek: 5 };
    const context = { timeZone: zone, locale, ...working, priorities: task.priorities, fields };
    const session = new EngineSession({ ...everything, rows }, context, now);
    session.add(issues);
    sessions.clear();
    sessions.set(key, session);
  }
  return sessions.get(key);
}

const out = openSync(answersPath, 'w');
for (const one of task.cases) writeSync(out, `${JSON.stringify(answer(sessionOf(one), one.definition))}\n`);
closeSync(out);
