import type { Alphabet } from './alphabet';

const BITS = 7;
const TRIPLE = 3;
const SIX = 6;

/** Characters spelled out; texts that agree on all of them are left to the collator. */
const SPELLED = 96;

/** Texts spelled out: text `at` holds `triples[starts[at] .. starts[at + 1]]`, an even count of them. */
export interface Spelled {
  /** Which of the texts given these are. */
  readonly indices: Int32Array;
  readonly triples: Int32Array;
  readonly starts: Int32Array;
  /** The texts that hold other characters than the alphabet's. */
  readonly others: Int32Array;
}

/** Spells out the texts that hold no characters but the alphabet's. */
export function spell(texts: readonly string[], alphabet: Alphabet): Spelled {
  const indices = new Int32Array(texts.length);
  const others = new Int32Array(texts.length);
  const starts = new Int32Array(texts.length + 1);
  const triples = new Int32Array(countTriples(texts));
  let count = 0;
  for (let index = 0; index < texts.length; index++) {
    const start = starts[count] as number;
    const end = spellOne(texts[index] as string, alphabet, triples, start);
    if (end < 0) {
      triples.fill(0, start, start + triplesOf(texts[index] as string));
      others[index - count] = index;
      continue;
    }
    indices[count++] = index;
    starts[count] = end;
  }
  return {
    indices: indices.subarray(0, count),
    triples,
    starts: starts.subarray(0, count + 1),
    others: others.subarray(0, texts.length - count),
  };
}

function countTriples(texts: readonly string[]): number {
  let count = 0;
  for (const text of texts) count += triplesOf(text);
  return count;
}

/** At least one character's worth of end, unless the text is cut. */
function triplesOf({ length }: string): number {
  return 2 * Math.min(Math.floor(length / SIX) + 1, SPELLED / SIX);
}

/** Returns where the text's triples end, or -1 at a character that the alphabet lacks. */
function spellOne(text: string, alphabet: Alphabet, triples: Int32Array, start: number): number {
  const length = Math.min(text.length, SPELLED);
  let to = start;
  let triple = 0;
  let place = TRIPLE;
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at);
    const known = code < alphabet.length ? (alphabet[code] as number) : 0;
    if (known === 0) return -1;
    triple = (triple << BITS) | known;
    if (--place > 0) continue;
    triples[to++] = triple;
    triple = 0;
    place = TRIPLE;
  }
  if (place < TRIPLE) triples[to] = triple << (BITS * place);
  return start + triplesOf(text);
}
