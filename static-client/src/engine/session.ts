import type { Definition } from '../definition';
import { rowsOf, sizeOf } from './aggregate/measure';
import { OTHERS } from './group/level';
import { Memo } from './memo';
import { fieldsNeeded } from './needed';
import { rankNext } from './prepare';
import type {
  Cell,
  EngineContext,
  ExpansionDepth,
  GroupRow,
  IssueRow,
  RawIssue,
  Row,
  RowWindow,
  View,
} from './protocol';
import { computeReport, issueCount, type Report, type ReportColumn } from './report';
import { IssueStore } from './store';
import { issueCell } from './view/cells';
import { viewColumn } from './view/columns';
import { Expansion } from './view/expansion';
import { type FlatRows, flatten } from './view/flatten';
import { parentsOf } from './view/parents';
import { projectsOf } from './view/projects';

/** A view as a session gives it: what could not be applied is always told, if only as nothing. */
type SessionView = View & { readonly notices: readonly string[] };

const OTHERS_LABEL: Cell = { values: [{ kind: 'text', text: 'Others' }] };

/** A report over the issues of one load, without a worker: what the worker runs, and tests run directly. */
export class EngineSession {
  /** Shared, so that a report opened later never looks older. */
  static #revisions = 0;
  readonly context: EngineContext;
  readonly #memo = new Memo();
  readonly #expansion = new Expansion();
  readonly #apart = new Set<string>();
  readonly #loaded: ReadonlySet<string>;
  readonly #store: IssueStore;
  #report: Report;
  #flat: FlatRows;
  #revision = EngineSession.#next();

  /** `now` is what `in the last` is measured from, in milliseconds since the epoch. */
  constructor(
    definition: Definition,
    context: EngineContext,
    readonly now: number,
  ) {
    this.context = { ...context, now };
    this.#store = new IssueStore(context, definition.rows);
    this.#loaded = new Set([...fieldsNeeded(definition), 'issuekey']);
    this.#report = this.#compute(definition);
    this.#flat = this.#flatten();
  }

  add(issues: readonly RawIssue[]): void {
    this.#store.add(issues);
    this.#memo.clear();
  }

  define(definition: Definition): SessionView {
    this.#report = this.#compute(definition);
    return this.#show();
  }

  refresh(): SessionView {
    return this.define(this.#report.definition);
  }

  toggle(path: string): SessionView {
    this.#expansion.toggle(path);
    return this.#show();
  }

  /** Shows the projects of a group each on its own, or as one group again; `path` is that of the whole group. */
  tellApart(path: string): SessionView {
    if (!this.#apart.delete(path)) this.#apart.add(path);
    return this.refresh();
  }

  expand(depth: ExpansionDepth): SessionView {
    this.#expansion.expand(depth);
    return this.#show();
  }

  view(): SessionView {
    const { columns, groups, notices } = this.#report;
    return {
      revision: this.#revision,
      columns: columns.map(viewColumn),
      rowCount: this.#flat.depths.length,
      issueCount: issueCount(this.#report),
      heldCount: this.#store.issues,
      ...this.#worklogs(0, 0),
      groupLabels: groups.map(({ name }) => name),
      totals: columns.map(({ measure }) => measure.cell(0, 0)),
      notices,
    };
  }

  /** Does a piece of what later calls are likely to need; false when nothing is left to do. */
  prepare(): boolean {
    return rankNext(this.#report, this.#memo, this.context.locale);
  }

  /** The visible rows from `from` up to, not including, `to`; fewer where the table ends. */
  rows(from: number, to: number): RowWindow {
    const start = Math.max(0, from);
    const end = Math.min(to, this.#flat.depths.length);
    const rows: Row[] = [];
    const parents = parentsOf(this.#flat.depths, start, end);
    for (let at = start; at < end; at++) {
      const parent = parents[at - start] ?? -1;
      rows.push(parent < 0 ? this.#row(at) : { ...this.#row(at), parent });
    }
    return { revision: this.#revision, from: start, rows };
  }

  static #next(): number {
    return ++EngineSession.#revisions;
  }

  #compute(definition: Definition): Report {
    const { context, now } = this;
    return computeReport(definition, {
      store: this.#store,
      context,
      loaded: this.#loaded,
      memo: this.#memo,
      apart: this.#apart,
      now,
    });
  }

  #show(): SessionView {
    this.#revision = EngineSession.#next();
    this.#flat = this.#flatten();
    return this.view();
  }

  #flatten(): FlatRows {
    return flatten(this.#report.tree, (depth, group) => this.#expanded(depth, group));
  }

  /** Depths of the tree count the root. */
  #expanded(depth: number, group: number): boolean {
    const rule = this.#report.groups[depth - 1]?.rule;
    return this.#expansion.isExpanded(depth - 1, rule, () => this.#report.paths.of(depth, group));
  }

  #row(at: number): Row {
    const depth = this.#flat.depths[at] ?? 0;
    const index = this.#flat.indices[at] ?? 0;
    return depth < this.#report.tree.levels.length
      ? this.#groupRow(depth, index)
      : this.#issueRow(depth, index);
  }

  #groupRow(depth: number, index: number): GroupRow {
    const { tree, issueLevels, groups, columns, paths } = this.#report;
    const level = tree.levels[depth];
    const group = groups[depth - 1];
    const code = level?.codes[index] ?? 0;
    const count = sizeOf(issueLevels[depth], index);
    return {
      kind: 'group',
      depth: depth - 1,
      path: paths.of(depth, index),
      field: group?.name ?? '',
      label: code === OTHERS ? OTHERS_LABEL : (group?.coding.label(code) ?? OTHERS_LABEL),
      count,
      ...this.#worklogs(depth, index),
      share: count / sizeOf(issueLevels[depth - 1], level?.parents[index] ?? 0),
      expanded: this.#expanded(depth, index),
      cells: columns.map(({ measure }) => measure.cell(depth, index)),
      ...(code > 0 && group?.coding.isShared?.(code) && this.#projects(depth, index)),
    };
  }

  /** Nothing where values of one name are of one project after all. */
  #projects(depth: number, index: number): Pick<GroupRow, 'projects' | 'part'> {
    const { issueLevels, parts, paths } = this.#report;
    const project = parts[depth]?.projects[index];
    if (project !== undefined) return { part: { project, of: paths.whole(depth, index) } };
    const projects = projectsOf(rowsOf(issueLevels[depth], index), this.#store.keys);
    return projects.length > 1 ? { projects } : {};
  }

  #worklogs(depth: number, index: number): { readonly worklogs?: number } {
    const { tree } = this.#report;
    return this.#store.rowKind === 'worklog' ? { worklogs: sizeOf(tree.levels[depth], index) } : {};
  }

  #issueRow(depth: number, index: number): IssueRow {
    const row = this.#report.tree.levels.at(-1)?.rows[index] ?? 0;
    const cell = ({ source, column }: ReportColumn) => issueCell(source, row, column.format, this.context);
    return {
      kind: 'issue',
      depth: depth - 1,
      id: this.#store.id(row),
      key: this.#store.key(row),
      cells: this.#report.columns.map(cell),
      ...this.#type(row),
    };
  }

  #type(row: number): Pick<IssueRow, 'type'> {
    const column = this.#store.column('issuetype');
    if (column?.shape !== 'code') return {};
    const [code] = column.at(row);
    return code === undefined ? {} : { type: column.dictionary.value(code) };
  }
}
