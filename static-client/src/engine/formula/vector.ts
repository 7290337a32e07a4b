/**
 * The values of a formula's part, one a row. A constant holds one value for all rows: `step` is 0, and the value
 * of row `r` stands at `r * step`.
 */
export type Vector = Numbers | Texts | Lists;

/** Numbers; dates in milliseconds since the epoch; conditions as 1 and 0. NaN is empty. */
export interface Numbers {
  readonly shape: 'numbers';
  readonly values: Float64Array;
  readonly step: 0 | 1;
}

/** Texts, as codes of `texts`; an empty text is no value, and code 0 is one. */
export interface Texts {
  readonly shape: 'texts';
  readonly codes: Int32Array;
  readonly texts: readonly string[];
  readonly step: 0 | 1;
}

/** Several texts a row: those of row `r` are `codes[offsets[r] .. offsets[r + 1]]`, without offsets `codes[r]`. */
export interface Lists {
  readonly shape: 'lists';
  readonly codes: Int32Array;
  readonly offsets?: Int32Array | undefined;
  readonly texts: readonly string[];
  readonly step: 0 | 1;
}

export const NO_NUMBER: Numbers = constantNumber(Number.NaN);
export const NO_TEXT: Texts = constantText('');
export const NO_LIST: Lists = { shape: 'lists', codes: Int32Array.of(0), texts: [''], step: 0 };

export function constantNumber(value: number): Numbers {
  return { shape: 'numbers', values: Float64Array.of(value), step: 0 };
}

export function constantText(text: string): Texts {
  return text === ''
    ? { shape: 'texts', codes: Int32Array.of(0), texts: [''], step: 0 }
    : { shape: 'texts', codes: Int32Array.of(1), texts: ['', text], step: 0 };
}

export function numberAt({ values, step }: Numbers, row: number): number {
  return values[row * step] as number;
}

export function textAt({ codes, texts, step }: Texts, row: number): string {
  return texts[codes[row * step] as number] as string;
}

/** The texts of one row, empty ones left out. */
export function listAt({ codes, offsets, texts, step }: Lists, row: number): readonly string[] {
  const at = row * step;
  const from = offsets ? (offsets[at] as number) : at;
  const to = offsets ? (offsets[at + 1] as number) : at + 1;
  const found: string[] = [];
  for (let index = from; index < to; index++) {
    const text = texts[codes[index] as number] as string;
    if (text !== '') found.push(text);
  }
  return found;
}

export function isEmptyAt(vector: Vector, row: number): boolean {
  if (vector.shape === 'numbers') return Number.isNaN(numberAt(vector, row));
  return vector.shape === 'texts' ? textAt(vector, row) === '' : listAt(vector, row).length === 0;
}

/** How many values must be computed: one where all that they depend on is constant. */
export function lengthOf(vectors: readonly Vector[], size: number): number {
  return vectors.every(({ step }) => step === 0) ? 1 : size;
}

/** Numbers computed row by row from other vectors. */
export function numbersFrom(
  vectors: readonly Vector[],
  size: number,
  compute: (row: number) => number,
): Numbers {
  const length = lengthOf(vectors, size);
  const values = new Float64Array(length);
  for (let row = 0; row < length; row++) values[row] = compute(row);
  return { shape: 'numbers', values, step: stepOf(vectors) };
}

/** Texts computed row by row from other vectors, cut where they are too long. */
export function textsFrom(vectors: readonly Vector[], size: number, compute: (row: number) => string): Texts {
  const length = lengthOf(vectors, size);
  const codes = new Int32Array(length);
  const texts = [''];
  const made = new TextMaker();
  for (let row = 0; row < length; row++) {
    const text = compute(row);
    if (text !== '') codes[row] = texts.push(made.keep(text)) - 1;
  }
  return { shape: 'texts', codes, texts, step: stepOf(vectors) };
}

function stepOf(vectors: readonly Vector[]): 0 | 1 {
  return vectors.every(({ step }) => step === 0) ? 0 : 1;
}

/** UTF-16 units of a text that a formula makes, and of all texts of one of its parts. */
const LONGEST_TEXT = 10_000;
const MOST_TEXT = 200_000_000;

/** A formula makes more text than a browser can hold. */
export class TextTooLong extends Error {}

/** Keeps texts within their bounds. */
class TextMaker {
  #left = MOST_TEXT;

  keep(text: string): string {
    const kept = cut(text);
    this.#left -= kept.length;
    if (this.#left < 0) throw new TextTooLong('It makes more text than can be held.');
    return kept;
  }
}

function cut(text: string): string {
  if (text.length <= LONGEST_TEXT) return text;
  // Half a character would be no text.
  const half = /[\ud800-\udbff]$/.test(text.slice(0, LONGEST_TEXT));
  return text.slice(0, half ? LONGEST_TEXT - 1 : LONGEST_TEXT);
}

/** Each text of a dictionary made another, which costs once a text and not once a row. */
export function mapTexts(texts: Texts, make: (text: string) => string): Texts {
  const made = new TextMaker();
  return { ...texts, texts: texts.texts.map((text) => (text === '' ? '' : made.keep(make(text)))) };
}
