/** Texts in about the collator's order, by counting alone: linear in the number of texts. */

/** Characters looked at; texts that agree on all of them are left to the collator. */
const DEPTH = 24;

/** Fewer texts are sorted outright. */
const WORTH_IT = 256;

/** The indices of texts, by the primary weights of their first characters. */
export function presort(texts: readonly string[], collator: Intl.Collator): Int32Array {
  const indices = Int32Array.from(texts, (_, index) => index);
  if (texts.length < WORTH_IT) return indices;
  const { weights, size } = weigh(texts, collator);
  const rows = weightRows(texts, weights);
  let sorted: Int32Array = indices;
  for (let depth = DEPTH - 1; depth >= 0; depth--) sorted = sortByCharacter(sorted, rows, depth, size);
  return sorted;
}

/** The weights of each text's first characters, side by side: strings are read once, and in turn. */
function weightRows(texts: readonly string[], weights: Uint16Array): Uint16Array {
  const rows = new Uint16Array(texts.length * DEPTH);
  for (let index = 0; index < texts.length; index++) {
    const text = texts[index] as string;
    const length = Math.min(DEPTH, text.length);
    for (let at = 0; at < length; at++) rows[index * DEPTH + at] = weights[text.charCodeAt(at)] as number;
  }
  return rows;
}

interface Weights {
  /** By character code; 0 is the end of a text. */
  readonly weights: Uint16Array;
  readonly size: number;
}

/** Numbers the characters that occur by the collator's order; those it holds equal but for case share one. */
function weigh(texts: readonly string[], collator: Intl.Collator): Weights {
  const weights = new Uint16Array(0x10000);
  const seen = new Uint8Array(0x10000);
  for (const text of texts) {
    const length = Math.min(DEPTH, text.length);
    for (let at = 0; at < length; at++) seen[text.charCodeAt(at)] = 1;
  }
  const characters = Array.from(seen.keys()).filter((code) => seen[code] === 1);
  const { locale, numeric } = collator.resolvedOptions();
  const base = new Intl.Collator(locale, { numeric, sensitivity: 'base' });
  const ordered = characters.map((code) => String.fromCharCode(code)).sort(base.compare);
  let weight = 0;
  ordered.forEach((character, index) => {
    if (index === 0 || base.compare(ordered[index - 1] ?? '', character) !== 0) weight++;
    weights[character.charCodeAt(0)] = weight;
  });
  return { weights, size: weight + 1 };
}

/** A stable counting sort by one character. */
function sortByCharacter(indices: Int32Array, rows: Uint16Array, depth: number, size: number): Int32Array {
  const starts = new Int32Array(size + 1);
  for (let at = depth; at < rows.length; at += DEPTH) (starts[(rows[at] as number) + 1] as number)++;
  for (let at = 1; at <= size; at++) (starts[at] as number) += starts[at - 1] as number;
  const sorted = new Int32Array(indices.length);
  for (let at = 0; at < indices.length; at++) {
    const index = indices[at] as number;
    sorted[(starts[rows[index * DEPTH + depth] as number] as number)++] = index;
  }
  return sorted;
}
