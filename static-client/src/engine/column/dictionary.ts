import { shortened } from '../decode/shortened';
import type { FieldKind, Value } from '../protocol';

/** One distinct value of a field, as a reader of Jira's JSON gives it. */
export interface Entry {
  /** What makes two values the same one, e.g. an account id. */
  readonly id: string;
  /** What a person reads. */
  readonly name: string;
  /** How it is shown, where its name alone is not enough. */
  readonly value?: Value;
  /** Its place in Jira's own order, ascending; absent where Jira has none. */
  readonly order?: number;
  /** Another id under which filters may name it, e.g. a project's key. */
  readonly alias?: string;
}

/** The distinct values of a field, numbered from 1 in order of appearance; 0 stands for empty. */
export class Dictionary {
  readonly #codes = new Map<string, number>();
  readonly #ids: string[] = [''];
  readonly #names: string[] = [''];
  readonly #values = new Map<number, Value>();
  readonly #orders = new Map<number, number>();
  readonly #aliases = new Map<number, string>();
  #namesRepeat = false;

  constructor(readonly kind: FieldKind) {}

  /** Codes in use, the empty one included. */
  get size(): number {
    return this.#ids.length;
  }

  get ordered(): boolean {
    return this.#orders.size > 0;
  }

  /** Whether two values may have one name: not where their names are their ids. */
  get namesRepeat(): boolean {
    return this.#namesRepeat;
  }

  encode(entry: Entry): number {
    const known = this.#codes.get(entry.id);
    if (known !== undefined) return known;
    const code = this.#ids.length;
    this.#codes.set(entry.id, code);
    this.#ids.push(entry.id);
    this.#names.push(entry.name);
    if (entry.id !== entry.name) this.#namesRepeat = true;
    if (entry.value) this.#values.set(code, entry.value);
    if (entry.order !== undefined) this.#orders.set(code, entry.order);
    if (entry.alias !== undefined) this.#aliases.set(code, entry.alias);
    return code;
  }

  /** The code of an id, or 0. */
  find(id: string): number {
    return this.#codes.get(id) ?? 0;
  }

  id(code: number): string {
    return this.#ids[code] ?? '';
  }

  alias(code: number): string | undefined {
    return this.#aliases.get(code);
  }

  /** The names of all codes; valid until the next value comes. */
  get names(): readonly string[] {
    return this.#names;
  }

  name(code: number): string {
    return this.#names[code] ?? '';
  }

  order(code: number): number {
    return this.#orders.get(code) ?? Number.POSITIVE_INFINITY;
  }

  value(code: number): Value {
    return this.#values.get(code) ?? plain(this.kind, this.name(code));
  }
}

function plain(kind: FieldKind, whole: string): Value {
  const name = shortened(whole);
  if (kind === 'key' || kind === 'issue') return { kind: 'key', key: name };
  const lozenge = kind === 'label' || kind === 'component' || kind === 'version' || kind === 'sprint';
  return lozenge ? { kind: 'lozenge', text: name } : { kind: 'text', text: name };
}
