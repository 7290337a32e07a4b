/**
 * Texts of ASCII characters in the collator's exact order, without asking the collator but for ties.
 *
 * 1. Characters become classes of 7 bits, three to a number, the end of a text being 0.
 * 2. Six characters and the text's own number make 64 bits, which the platform sorts natively.
 * 3. Texts that agree so far are sorted by their next six, until they differ or end.
 * 4. What ends without a difference, as by case alone, goes to the collator.
 */
import type { Spelling } from './spelling';

/** Bits left for the text's number beside six characters. */
const INDEX_BITS = 22;
const SPLIT = INDEX_BITS - 11;
const LOW_MASK = (1 << (32 - INDEX_BITS)) - 1;

/** As many texts as can be numbered. */
export const MOST_TEXTS = 2 ** INDEX_BITS;

/** So few texts are put in order by comparing them. */
const FEW = 12;

type Compare = (left: number, right: number) => number;

/** Sorts indices of spelled texts where they are; `compare` decides between texts that are spelled alike. */
export function sortSpelled(spelling: Spelling, order: Int32Array, compare: Compare): void {
  new SpelledSort(spelling, order, compare).sort(0, order.length, 0);
}

class SpelledSort {
  readonly #keys: BigUint64Array;
  /** The same memory in halves, the lower one first. */
  readonly #halves: Uint32Array;
  readonly #before: Int32Array;

  constructor(
    readonly spelling: Spelling,
    readonly order: Int32Array,
    readonly compare: Compare,
  ) {
    this.#keys = new BigUint64Array(order.length);
    this.#halves = new Uint32Array(this.#keys.buffer);
    this.#before = new Int32Array(order.length);
  }

  /** Sorts a run of texts that agree on their first `depth` triples. */
  sort(from: number, to: number, depth: number): void {
    if (to - from <= FEW) this.#insert(from, to, depth);
    else this.#sortByKeys(from, to, depth);
  }

  #sortByKeys(from: number, to: number, depth: number): void {
    this.#pack(from, to, depth);
    this.#keys.subarray(from, to).sort();
    const agree: number[] = [];
    let runStart = from;
    for (let at = from; at < to; at++) {
      this.order[at] = this.#before[from + this.#indexAt(at)] as number;
      if (at > from && !this.#sameKey(at)) {
        if (at - runStart > 1) agree.push(runStart, at);
        runStart = at;
      }
    }
    if (to - runStart > 1) agree.push(runStart, to);
    for (let at = 0; at < agree.length; at += 2) {
      this.#sortOn(agree[at] as number, agree[at + 1] as number, depth);
    }
  }

  #sortOn(from: number, to: number, depth: number): void {
    const ended = this.#isLast(this.order[from] as number, depth);
    if (ended) this.#leaveToCollator(from, to);
    else this.sort(from, to, depth + 2);
  }

  #pack(from: number, to: number, depth: number): void {
    const { triples, starts } = this.spelling;
    const halves = this.#halves;
    for (let at = from; at < to; at++) {
      const text = this.order[at] as number;
      this.#before[at] = text;
      const start = (starts[text] as number) + depth;
      const next = triples[start + 1] as number;
      halves[2 * at + 1] = ((triples[start] as number) << 11) | (next >>> (21 - SPLIT));
      halves[2 * at] = ((next & LOW_MASK) << INDEX_BITS) | (at - from);
    }
  }

  #indexAt(at: number): number {
    return (this.#halves[2 * at] as number) & (MOST_TEXTS - 1);
  }

  /** Whether the texts at `at` and before it agree on six characters. */
  #sameKey(at: number): boolean {
    const halves = this.#halves;
    return (
      halves[2 * at + 1] === halves[2 * at - 1] &&
      (halves[2 * at] as number) >>> INDEX_BITS === (halves[2 * at - 2] as number) >>> INDEX_BITS
    );
  }

  #isLast(text: number, depth: number): boolean {
    return (this.spelling.starts[text] as number) + depth + 2 === this.spelling.starts[text + 1];
  }

  #leaveToCollator(from: number, to: number): void {
    const tied = Array.from(this.order.subarray(from, to)).sort(this.compare);
    this.order.set(tied, from);
  }

  #insert(from: number, to: number, depth: number): void {
    const { order } = this;
    for (let at = from + 1; at < to; at++) {
      const text = order[at] as number;
      let hole = at;
      while (hole > from && this.#precedes(text, order[hole - 1] as number, depth)) {
        order[hole] = order[hole - 1] as number;
        hole--;
      }
      order[hole] = text;
    }
  }

  #precedes(left: number, right: number, depth: number): boolean {
    const { spelling } = this;
    const shared = spelling.shared(left, right, depth);
    return (spelling.difference(left, right, shared) || this.compare(left, right)) < 0;
  }
}
