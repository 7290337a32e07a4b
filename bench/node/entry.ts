// What the benchmarks take from the client: the engine as the worker runs it, and generated issues.
import type { Definition } from '../../static-client/src/definition';
import type { RawIssue } from '../../static-client/src/engine/protocol';
import { EngineSession } from '../../static-client/src/engine/session';
import { contextOf, generateIssues } from '../../static-client/tests/generated-issues';

const PAGE = 1000;

/** Issues a page at a time, so that a million need not be held as JSON; ids, keys and summaries repeat none. */
export function* issuePages(count: number): Generator<RawIssue[]> {
  for (let from = 0; from < count; from += PAGE) {
    const issues = generateIssues(Math.min(PAGE, count - from), from + 1);
    yield issues.map((issue, index) => renumber(issue, from + index));
  }
}

function renumber({ key, fields }: RawIssue, number: number): RawIssue {
  const summary = String(fields.summary).replace(/\d+$/, String(number));
  return {
    id: String(10_000 + number),
    key: `${key.split('-')[0]}-${number + 1}`,
    fields: { ...fields, summary },
  };
}

/** A session that holds so many issues; `groups` and `columns` name every field that will be asked for. */
export function openSession(count: number, definition: Definition): EngineSession {
  const session = new EngineSession(definition, contextOf(), Date.UTC(2024, 5, 1));
  for (const page of issuePages(count)) session.add(page);
  session.refresh();
  return session;
}
