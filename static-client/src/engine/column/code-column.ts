import { readerOf } from '../decode/reader';
import type { EngineContext, FieldKind } from '../protocol';
import { Dictionary, type Entry } from './dictionary';
import { IntVector } from './vector';

/** Codes of a dictionary, one a row or, with offsets, a slice a row that repeats none. */
export interface Coded {
  readonly dictionary: Dictionary;
  readonly codes: Int32Array;
  readonly offsets?: Int32Array | undefined;
}

/**
 * Values with a name, as codes of a dictionary: one code a row until an issue with several values comes, from
 * then on slices `offsets[row] .. offsets[row + 1]` of a list. Code 0 is empty; a slice repeats no code.
 */
export class CodeColumn {
  readonly shape = 'code';
  readonly dictionary: Dictionary;
  readonly #read: (raw: unknown) => Entry | undefined;
  #codes = new IntVector();
  #offsets: IntVector | undefined;
  #length = 0;

  constructor(
    readonly kind: FieldKind,
    context: EngineContext,
    dictionary: Dictionary = new Dictionary(kind),
  ) {
    this.dictionary = dictionary;
    this.#read = readerOf(kind, context);
  }

  /** A column of codes that were computed; takes the arrays over. */
  static of(kind: FieldKind, context: EngineContext, { dictionary, codes, offsets }: Coded): CodeColumn {
    const column = new CodeColumn(kind, context, dictionary);
    column.#codes = IntVector.of(codes);
    column.#offsets = offsets && IntVector.of(offsets);
    column.#length = offsets ? offsets.length - 1 : codes.length;
    return column;
  }

  get length(): number {
    return this.#length;
  }

  append(raw: unknown): void {
    const codes = Array.isArray(raw) ? this.#encodeAll(raw) : [this.#encode(raw)];
    if (codes.length > 1 && !this.#offsets) this.#offsets = this.#widen();
    for (const code of codes) this.#codes.push(code);
    this.#length++;
    this.#offsets?.push(this.#codes.length);
  }

  /** Adds a row that is like the last one. */
  repeat(): void {
    const codes = this.codes();
    const from = this.#offsets ? (this.#offsets.view()[this.#length - 1] ?? 0) : this.#length - 1;
    for (const code of codes.subarray(from)) this.#codes.push(code);
    this.#length++;
    this.#offsets?.push(this.#codes.length);
  }

  /** The codes of all rows; with `offsets` a list, without one code a row. */
  codes(): Int32Array {
    return this.#codes.view();
  }

  /** Set once an issue has several values. */
  offsets(): Int32Array | undefined {
    return this.#offsets?.view();
  }

  /** The codes of one row, none where it is empty. */
  at(row: number): readonly number[] {
    const offsets = this.offsets();
    const from = offsets ? (offsets[row] ?? 0) : row;
    const to = offsets ? (offsets[row + 1] ?? from) : row + 1;
    return Array.from(this.codes().subarray(from, to)).filter((code) => code !== 0);
  }

  #encode(raw: unknown): number {
    const entry = this.#read(raw);
    return entry ? this.dictionary.encode(entry) : 0;
  }

  #encodeAll(raw: readonly unknown[]): readonly number[] {
    if (raw.length === 1) return [this.#encode(raw[0])];
    const distinct = new Set(raw.map((value) => this.#encode(value)));
    distinct.delete(0);
    return distinct.size === 0 ? [0] : [...distinct];
  }

  #widen(): IntVector {
    const offsets = new IntVector();
    for (let row = 0; row <= this.#length; row++) offsets.push(row);
    return offsets;
  }
}
