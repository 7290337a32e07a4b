import { type Alphabet, CLASS_BITS, CLASS_MASK } from './alphabet';

const TRIPLE = 3;
const SIX = 6;

/** Classes spelled out; texts that agree on all of them are left to the collator. */
const SPELLED = 96;
const MOST_TRIPLES = SPELLED / TRIPLE;

/**
 * Texts spelled out by the classes of their characters, three to a number: text `at` holds
 * `triples[starts[at] .. starts[at + 1]]`, an even count of them, the end of a text being 0. A text with other
 * characters than the alphabet's holds none.
 */
export class Spelling {
  #triples: Int32Array = new Int32Array(1024);
  #starts: Int32Array = new Int32Array(256);
  #count = 0;

  constructor(readonly alphabet: Alphabet) {}

  /** Valid until more texts are added, as `starts` is. */
  get triples(): Int32Array {
    return this.#triples;
  }

  get starts(): Int32Array {
    return this.#starts;
  }

  get count(): number {
    return this.#count;
  }

  /** Spells the texts from the first that is not yet spelled up to `end`. */
  add(texts: readonly string[], end: number): void {
    if (end >= this.#starts.length) this.#starts = grown(this.#starts, end + 1);
    for (; this.#count < end; this.#count++) {
      const start = this.#starts[this.#count] as number;
      if (start + MOST_TRIPLES > this.#triples.length)
        this.#triples = grown(this.#triples, start + MOST_TRIPLES);
      this.#starts[this.#count + 1] = this.#spell(texts[this.#count] as string, start);
    }
  }

  /** Whether a text holds no characters but the alphabet's. */
  has(text: number): boolean {
    return this.#starts[text] !== this.#starts[text + 1];
  }

  /** In how many triples two spelled texts agree, of which `known` are known to be alike. */
  shared(left: number, right: number, known: number): number {
    const triples = this.#triples;
    const start = this.#starts[left] as number;
    const offset = (this.#starts[right] as number) - start;
    const end = this.#starts[left + 1] as number;
    let at = start + known;
    while (at < end && triples[at] === triples[at + offset]) at++;
    return at - start;
  }

  /** Below or above 0 for two spelled texts that agree in so many triples, 0 where these are all. */
  difference(left: number, right: number, shared: number): number {
    const at = (this.#starts[left] as number) + shared;
    if (at === this.#starts[left + 1]) return 0;
    return (
      (this.#triples[at] as number) - (this.#triples[(this.#starts[right] as number) + shared] as number)
    );
  }

  /** Returns where the text's triples end: where they begin at a character that the alphabet lacks. */
  #spell(text: string, start: number): number {
    const { alphabet } = this;
    const triples = this.#triples;
    let to = start;
    let triple = 0;
    let count = 0;
    for (let at = 0; at < text.length; at++) {
      let classes = alphabet[text.charCodeAt(at)] as number;
      if (classes === 0) return start;
      // A character that joins the last one spelled must not be cut off.
      if (count === SPELLED) break;
      for (; classes !== 0 && count < SPELLED; classes >>= CLASS_BITS) {
        triple = (triple << CLASS_BITS) | (classes & CLASS_MASK);
        if (++count % TRIPLE > 0) continue;
        triples[to++] = triple;
        triple = 0;
      }
    }
    return this.#end(start, to, triple, count);
  }

  /** Fills the last numbers up with the text's end. */
  #end(start: number, from: number, triple: number, count: number): number {
    const triples = this.#triples;
    const end = start + triplesOf(count);
    let to = from;
    if (to < end) triples[to++] = triple << (CLASS_BITS * (TRIPLE - (count % TRIPLE)));
    if (to < end) triples[to] = 0;
    return end;
  }
}

/** At least one character's worth of end, unless the text is cut. */
function triplesOf(length: number): number {
  return Math.min(2 * (Math.floor(length / SIX) + 1), MOST_TRIPLES);
}

function grown(numbers: Int32Array, least: number): Int32Array {
  const larger = new Int32Array(Math.max(least, 2 * numbers.length));
  larger.set(numbers);
  return larger;
}
