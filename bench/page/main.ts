// The engine in a page of its own, as the product runs it: a worker that is sent issues a page at a time.

import type { Definition } from '../../static-client/src/definition';
import { createEngine } from '../../static-client/src/engine/client';
import type { RawIssue } from '../../static-client/src/engine/protocol';
import { fieldMetadata } from '../../static-client/src/jira/fields';
import { contextOf } from '../../static-client/tests/generated-issues';
import { FIELDS } from './fields';

const GROUPS = ['status', 'priority', 'assignee'].map((id) => ({ of: { field: id } }));
const columns = FIELDS.map(({ id }) => ({ of: { field: id } }));
const sum = { of: { field: 'customfield_10016' }, aggregate: 'sum' as const };
const definition: Definition = { jql: 'project = A ORDER BY key', columns, groups: GROUPS };

const engine = createEngine();

async function timed(call: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await call();
  return performance.now() - before;
}

/** Holds what the addresses give, and returns how many issues that is. */
async function hold(addresses: readonly string[]): Promise<number> {
  await engine.open(definition, { ...contextOf(), fields: fieldMetadata(FIELDS) });
  for (const address of addresses) await engine.add((await (await fetch(address)).json()) as RawIssue[]);
  return (await engine.refresh()).heldCount;
}

/** Milliseconds from asking to having the first rows, as a reader of the report waits for them. */
async function regroup(round: number): Promise<number> {
  const direction = round % 2 ? ('ascending' as const) : ('descending' as const);
  const groups = GROUPS.map((group) => ({ ...group, direction }));
  return timed(async () => {
    await engine.define({ ...definition, columns: [...columns, sum], groups });
    await engine.rows(0, 60);
  });
}

async function sortByText(): Promise<number> {
  return timed(async () => {
    await engine.define({ ...definition, groups: [], sort: [{ of: { field: 'summary' } }] });
    await engine.rows(0, 60);
  });
}

Object.assign(window, { bench: { hold, regroup, sortByText } });
