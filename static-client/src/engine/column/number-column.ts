import { readDate } from '../decode/date';
import { readNumber, readProgress } from '../decode/number';
import type { FieldKind } from '../protocol';
import { FloatVector } from './vector';

/**
 * Numbers, durations in seconds, progress in percent, dates in milliseconds since the epoch (a date without a
 * time counts as midnight UTC, so that no zone moves it). NaN is empty.
 */
export class NumberColumn {
  readonly shape = 'number';
  #values = new FloatVector();
  readonly #read: (raw: unknown) => number;

  constructor(readonly kind: FieldKind) {
    this.#read = readerOf(kind);
  }

  /** A column of numbers that were computed; takes the array over. */
  static of(kind: FieldKind, values: Float64Array): NumberColumn {
    const column = new NumberColumn(kind);
    column.#values = FloatVector.of(values);
    return column;
  }

  get length(): number {
    return this.#values.length;
  }

  append(raw: unknown): void {
    this.#values.push(this.#read(raw));
  }

  /** Adds a row that is like the last one. */
  repeat(): void {
    this.#values.push(this.#values.view().at(-1) ?? Number.NaN);
  }

  values(): Float64Array {
    return this.#values.view();
  }
}

function readerOf(kind: FieldKind): (raw: unknown) => number {
  if (kind === 'date' || kind === 'datetime') return readDate;
  return kind === 'progress' ? readProgress : readNumber;
}
