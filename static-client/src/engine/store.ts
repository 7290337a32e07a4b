import { CodeColumn } from './column/code-column';
import { type FieldColumn, isNumeric } from './column/column';
import { NumberColumn } from './column/number-column';
import { IntVector } from './column/vector';
import { keepInOrder } from './order/rank';
import type { EngineContext, FieldKind, FieldMetadata, RawIssue } from './protocol';
import { WORKLOG_FIELDS, worklogsOf } from './worklog-rows';

/** Fields that every site has, whatever its list of fields says. */
const BUILT_IN: readonly FieldMetadata[] = [
  { id: 'issuekey', name: 'Key', kind: 'key', multiple: false },
  { id: 'parent', name: 'Parent', kind: 'issue', multiple: false },
  { id: 'issuetype', name: 'Issue Type', kind: 'issuetype', multiple: false },
];

/** What one row stands for. */
export type RowKind = 'issue' | 'worklog';

/**
 * Every issue held, by columns; nothing of Jira's JSON is kept. Where rows are worklogs, an issue has as many
 * rows as worklogs, one after the other, which repeat its fields.
 */
export class IssueStore {
  readonly #rows = new Map<string, number>();
  readonly #ids: string[] = [];
  readonly #columns = new Map<string, FieldColumn>();
  readonly #metadata = new Map<string, FieldMetadata>();
  readonly #keys: CodeColumn;
  readonly #firstRows = new IntVector();

  constructor(
    readonly context: EngineContext,
    readonly rowKind: RowKind = 'issue',
  ) {
    const own = rowKind === 'worklog' ? WORKLOG_FIELDS : [];
    for (const field of [...BUILT_IN, ...context.fields, ...own]) this.#metadata.set(field.id, field);
    this.#keys = new CodeColumn('key', context);
    this.#columns.set('issuekey', this.#keys);
  }

  /** Rows. */
  get size(): number {
    return this.#ids.length;
  }

  /** Distinct issues, with those that have no row. */
  get issues(): number {
    return this.#rows.size;
  }

  /** For every row the first row of the same issue; `undefined` where an issue has one row. */
  get firstRows(): Int32Array | undefined {
    return this.rowKind === 'worklog' ? this.#firstRows.view() : undefined;
  }

  /** An issue that is held already is left as it is. */
  add(issues: readonly RawIssue[]): void {
    for (const issue of issues) {
      if (this.#rows.has(issue.id)) continue;
      this.#rows.set(issue.id, this.size);
      if (this.rowKind === 'worklog') this.#addWorklogs(issue);
      else this.#append(issue, issue.fields);
    }
    for (const column of this.#columns.values()) {
      if (column.shape === 'code') keepInOrder(column.dictionary, this.context.locale);
    }
  }

  #append({ id, key }: RawIssue, fields: RawIssue['fields']): void {
    this.#meet(fields);
    this.#ids.push(id);
    for (const [field, column] of this.#columns) column.append(field === 'issuekey' ? key : fields[field]);
  }

  /** What is the issue's own is read once, and repeated. */
  #addWorklogs(issue: RawIssue): void {
    const first = this.size;
    for (const worklog of worklogsOf(issue)) {
      if (this.size === first) this.#append(issue, { ...issue.fields, ...worklog });
      else this.#repeat(worklog);
      this.#firstRows.push(first);
    }
  }

  #repeat(worklog: RawIssue['fields']): void {
    this.#ids.push(this.id(this.size - 1));
    for (const [field, column] of this.#columns) {
      if (field in worklog) column.append(worklog[field]);
      else column.repeat();
    }
  }

  id(row: number): string {
    return this.#ids[row] ?? '';
  }

  key(row: number): string {
    return this.#keys.dictionary.name(this.#keys.codes()[row] ?? 0);
  }

  /** `undefined` for a field that does not exist, or is hidden from this person. */
  field(id: string): FieldMetadata | undefined {
    return this.#metadata.get(id);
  }

  /** `undefined` while no issue held came with the field. */
  column(id: string): FieldColumn | undefined {
    return this.#columns.get(id);
  }

  /** The keys of all issues. */
  get keys(): CodeColumn {
    return this.#keys;
  }

  /** The first row of each issue by the code of its key. */
  rowsByKey(): { readonly keys: CodeColumn; readonly rows: Int32Array } {
    const rows = new Int32Array(this.#keys.dictionary.size).fill(-1);
    this.#keys.codes().forEach((code, row) => {
      if (rows[code] === -1) rows[code] = row;
    });
    return { keys: this.#keys, rows };
  }

  #meet(fields: RawIssue['fields']): void {
    for (const id in fields) {
      if (this.#columns.has(id)) continue;
      const column = this.#create(this.#metadata.get(id)?.kind ?? 'unknown');
      for (let row = 0; row < this.size; row++) column.append(null);
      this.#columns.set(id, column);
    }
  }

  #create(kind: FieldKind): FieldColumn {
    return isNumeric(kind) ? new NumberColumn(kind) : new CodeColumn(kind, this.context);
  }
}
