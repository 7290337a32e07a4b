import { CodeColumn } from './column/code-column';
import { type FieldColumn, isNumeric } from './column/column';
import { NumberColumn } from './column/number-column';
import type { EngineContext, FieldKind, FieldMetadata, RawIssue } from './protocol';

/** Fields that every site has, whatever its list of fields says. */
const BUILT_IN: readonly FieldMetadata[] = [
  { id: 'issuekey', name: 'Key', kind: 'key', multiple: false },
  { id: 'parent', name: 'Parent', kind: 'issue', multiple: false },
  { id: 'issuetype', name: 'Issue Type', kind: 'issuetype', multiple: false },
];

/** Every issue held, by columns; nothing of Jira's JSON is kept. */
export class IssueStore {
  readonly #rows = new Map<string, number>();
  readonly #ids: string[] = [];
  readonly #columns = new Map<string, FieldColumn>();
  readonly #metadata = new Map<string, FieldMetadata>();
  readonly #keys: CodeColumn;

  constructor(readonly context: EngineContext) {
    for (const field of [...BUILT_IN, ...context.fields]) this.#metadata.set(field.id, field);
    this.#keys = new CodeColumn('key', context);
    this.#columns.set('issuekey', this.#keys);
  }

  /** Distinct issues. */
  get size(): number {
    return this.#ids.length;
  }

  /** An issue that is held already is left as it is. */
  add(issues: readonly RawIssue[]): void {
    for (const issue of issues) {
      if (this.#rows.has(issue.id)) continue;
      this.#meet(issue.fields);
      this.#rows.set(issue.id, this.size);
      this.#ids.push(issue.id);
      for (const [id, column] of this.#columns) {
        column.append(id === 'issuekey' ? issue.key : issue.fields[id]);
      }
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

  /** The rows by the code of their issue's key. */
  rowsByKey(): { readonly keys: CodeColumn; readonly rows: Int32Array } {
    const rows = new Int32Array(this.#keys.dictionary.size).fill(-1);
    this.#keys.codes().forEach((code, row) => {
      rows[code] = row;
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
