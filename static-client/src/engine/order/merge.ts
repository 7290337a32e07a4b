/**
 * Two runs made one, as many places at a time as wanted, most of them without a look at the texts.
 *
 * Of two texts that follow a third, the one that agrees with it further comes first. How far each agrees with the
 * text last placed is known from its run, or from comparing the two; they are compared only where both agree
 * equally far, and from there on.
 */
import type { Comparison } from './comparison';

/** Sorted indices of texts. */
export interface Run {
  readonly indices: Int32Array;
  /** How far each text agrees with the one before it, as `Comparison` has it. */
  readonly shared: Int8Array;
}

/** What is left of a run while it is merged. */
interface Rest {
  readonly run: Run;
  from: number;
  /** How far its next text agrees with the text last placed. */
  shared: number;
}

export class Merge {
  readonly merged: Run;
  readonly #left: Rest;
  readonly #right: Rest;
  #placed = 0;

  constructor(
    left: Run,
    right: Run,
    readonly comparison: Comparison,
  ) {
    const length = left.indices.length + right.indices.length;
    this.merged = { indices: new Int32Array(length), shared: new Int8Array(length) };
    this.#left = { run: left, from: 0, shared: left.shared[0] as number };
    this.#right = { run: right, from: 0, shared: right.shared[0] as number };
  }

  get done(): boolean {
    return this.#placed === this.merged.indices.length;
  }

  /** Fills up to `most` places more, or all once one run has ended, and returns how many. */
  advance(most: number): number {
    const before = this.#placed;
    this.#compareUpTo(before + most);
    if (this.#left.from === this.#left.run.indices.length) this.#placeRest(this.#right);
    else if (this.#right.from === this.#right.run.indices.length) this.#placeRest(this.#left);
    return this.#placed - before;
  }

  #compareUpTo(end: number): void {
    const left = this.#left;
    const right = this.#right;
    const leftEnd = left.run.indices.length;
    const rightEnd = right.run.indices.length;
    while (this.#placed < end && left.from < leftEnd && right.from < rightEnd) {
      if (this.#leftIsNext(left, right)) this.#place(left);
      else this.#place(right);
    }
  }

  /** Notes how far the text that is not next agrees with the one that is. */
  #leftIsNext(left: Rest, right: Rest): boolean {
    const known = left.shared;
    if (known !== right.shared && known >= 0 && right.shared >= 0) return known > right.shared;
    const one = left.run.indices[left.from] as number;
    const other = right.run.indices[right.from] as number;
    const shared = this.comparison.shared(one, other, known === right.shared ? Math.max(known, 0) : 0);
    const isNext = this.comparison.compare(one, other, shared) < 0;
    (isNext ? right : left).shared = shared;
    return isNext;
  }

  #place(rest: Rest): void {
    const { indices, shared } = rest.run;
    this.merged.indices[this.#placed] = indices[rest.from] as number;
    this.merged.shared[this.#placed++] = rest.shared;
    rest.from++;
    rest.shared = shared[rest.from] as number;
  }

  /** Nothing of the other run is left: what agrees with the text before it is known. */
  #placeRest(rest: Rest): void {
    if (rest.from === rest.run.indices.length) return;
    this.#place(rest);
    this.merged.indices.set(rest.run.indices.subarray(rest.from), this.#placed);
    this.merged.shared.set(rest.run.shared.subarray(rest.from), this.#placed);
    this.#placed = this.merged.indices.length;
    rest.from = rest.run.indices.length;
  }
}
