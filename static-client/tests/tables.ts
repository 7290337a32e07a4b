import type { Aggregate, Column, Definition, Group } from '../src/definition';
import type { Cell, EngineContext, RawIssue, Row, Value } from '../src/engine/protocol';
import { EngineSession } from '../src/engine/session';
import { contextOf } from './generated-issues';

/** Noon of a winter's day, so that tests do not depend on when they run. */
export const NOW = Date.parse('2024-02-15T12:00:00Z');

export function field(id: string): { field: string } {
  return { field: id };
}

export function column(id: string, aggregate?: Aggregate): Column {
  return aggregate === undefined ? { of: field(id) } : { of: field(id), aggregate };
}

export function group(id: string, rest: Partial<Group> = {}): Group {
  return { of: field(id), ...rest };
}

export function definition(rest: Partial<Definition> = {}): Definition {
  return { jql: 'project = A', columns: [column('issuekey', 'count')], ...rest };
}

/** An issue `A-<n>` with the given fields. */
export function issue(number: number, fields: Record<string, unknown> = {}): RawIssue {
  return { id: String(number), key: `A-${number}`, fields };
}

export function openSession(
  issues: readonly RawIssue[],
  rest: Partial<Definition> = {},
  context: Partial<EngineContext> = {},
): EngineSession {
  const session = new EngineSession(definition(rest), contextOf(context), NOW);
  session.add(issues);
  session.refresh();
  return session;
}

export function allRows(session: EngineSession): readonly Row[] {
  return session.rows(0, Number.MAX_SAFE_INTEGER).rows;
}

export function textOfValue(value: Value): string {
  return value.kind === 'key' ? value.key : value.text;
}

export function textOfCell(cell: Cell): string {
  return cell.error ?? (cell.values.length === 0 ? '–' : cell.values.map(textOfValue).join(', '));
}

/** The visible table, one line a row: groups with their depth as indentation, issues by key. */
export function lines(session: EngineSession): readonly string[] {
  return allRows(session).map((row) => {
    const cells = row.cells.map(textOfCell).join(' | ');
    const name = row.kind === 'group' ? `${textOfCell(row.label)} (${row.count})` : row.key;
    return `${'  '.repeat(row.depth)}${name}: ${cells}`;
  });
}

/** The same with groups only. */
export function groupLines(session: EngineSession): readonly string[] {
  const levels = session.view().groupLabels.length;
  session.expand(levels - 1);
  return lines(session);
}
