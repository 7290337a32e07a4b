/**
 * The order of texts that become more, kept up as they come so that it is soon there when asked for.
 *
 * 1. Texts that came are sorted by themselves once they fill a run.
 * 2. Two runs of about one size become one, so that there are few, the longest first.
 * 3. Merging goes on by a few places for each text that comes: nobody waits for the long merges.
 * 4. Who wants the order has the last texts sorted, and the few runs made one.
 */
import { alphabetOf } from './alphabet';
import { Comparison } from './comparison';
import { Merge, type Run } from './merge';
import { sortRun } from './sort-run';
import { Spelling } from './spelling';

/** Texts of a run: enough to be worth sorting, and few enough that nobody notices (2 ms). */
export const RUN = 4096;

/** Fewer texts are compared outright. */
const WORTH_SPELLING = 256;

/** Runs are merged that differ by less: many merges while texts come leave few for the last moment. */
const ALIKE = 4;

/** Merges go on by so many places a text; a million texts need ten, and what waits is done the sooner. */
const PLACES_A_TEXT = 20;

export class GrowingOrder {
  readonly #comparison: Comparison;
  /** Of the texts that came first, then of those after them. */
  readonly #runs: Run[] = [];
  #merging: { readonly at: number; readonly merge: Merge } | undefined;
  #taken: number;

  /** `texts` may become more but not change; those before `first` have no place in the order, `run` make a run. */
  constructor(
    readonly texts: readonly string[],
    readonly collator: Intl.Collator,
    first = 0,
    readonly run = RUN,
  ) {
    const alphabet = texts.length < WORTH_SPELLING ? undefined : alphabetOf(collator);
    this.#comparison = new Comparison(texts, collator, alphabet && new Spelling(alphabet));
    this.#taken = first;
  }

  /** Does what is worth doing while texts come: cheap for each of them. */
  keepUp(): void {
    while (this.#taken + this.run <= this.texts.length) {
      this.#take(this.run);
      this.#mergeAlike(this.run * PLACES_A_TEXT);
    }
  }

  /** Goes on to the order by so many texts, or about so many; false once all texts are in order. */
  settle(most: number): boolean {
    if (this.#taken < this.texts.length) this.#take(Math.min(most, this.texts.length - this.#taken));
    else if (this.#runs.length > 1) this.#mergeAt(this.#merging?.at ?? this.#runs.length - 2, most);
    else return false;
    return true;
  }

  /** The indices of all texts in order. */
  sorted(): Int32Array {
    while (this.settle(this.texts.length));
    return this.#runs[0]?.indices ?? new Int32Array(0);
  }

  #take(count: number): void {
    const end = this.#taken + count;
    this.#comparison.spelling?.add(this.texts, end);
    this.#runs.push(sortRun(this.#comparison, this.#taken, end));
    this.#taken = end;
  }

  #mergeAlike(places: number): void {
    let left = places;
    while (left > 0) {
      const at = this.#merging?.at ?? this.#lastAlike();
      if (at < 0) return;
      left -= this.#mergeAt(at, left);
    }
  }

  /** The last run that is not much longer than the one after it, or -1. */
  #lastAlike(): number {
    return this.#runs.findLastIndex((_, at) => this.#lengthOf(at) < ALIKE * this.#lengthOf(at + 1));
  }

  #lengthOf(at: number): number {
    return this.#runs[at]?.indices.length ?? 0;
  }

  /** Merges the run at `at` with the next one by up to so many places, and returns how many. */
  #mergeAt(at: number, places: number): number {
    const [left, right] = this.#runs.slice(at, at + 2) as [Run, Run];
    this.#merging ??= { at, merge: new Merge(left, right, this.#comparison) };
    const { merge } = this.#merging;
    const filled = merge.advance(places);
    if (!merge.done) return filled;
    this.#runs.splice(at, 2, merge.merged);
    this.#merging = undefined;
    return filled;
  }
}
