/** What is known of how a language orders the characters of ASCII, asked of its collator once. */

/** Space to tilde. */
const FIRST = 0x20;
const LAST = 0x7e;

/** The class of each character: those that differ by case alone share one. 0 ends a text, so classes begin at 1. */
export type Alphabet = Uint8Array;

const known = new Map<string, Alphabet | undefined>();

/**
 * The classes of ASCII characters by which this collator compares texts before it looks at case, or `undefined`
 * where it does not go character by character: where two letters make one, as `ch` does in Czech, where a
 * character is skipped, or where digits count as numbers.
 */
export function alphabetOf(collator: Intl.Collator): Alphabet | undefined {
  const { locale, numeric, caseFirst } = collator.resolvedOptions();
  if (numeric) return undefined;
  const key = `${locale} ${caseFirst}`;
  if (!known.has(key)) known.set(key, askAlphabet(locale));
  return known.get(key);
}

function askAlphabet(locale: string): Alphabet | undefined {
  const base = new Intl.Collator(locale, { sensitivity: 'base' });
  const classes = characterClasses(base);
  const one = classes.map(([character = '']) => character);
  if (!goesByCharacter(one, base) || !endsFirst(one, base)) return undefined;
  const alphabet = new Uint8Array(LAST + 1);
  classes.forEach((characters, index) => {
    for (const character of characters) alphabet[character.charCodeAt(0)] = index + 1;
  });
  return alphabet;
}

function characterClasses(base: Intl.Collator): readonly (readonly string[])[] {
  const characters = Array.from({ length: LAST - FIRST + 1 }, (_, at) => String.fromCharCode(FIRST + at));
  const classes: string[][] = [];
  for (const character of characters.sort(base.compare)) {
    const last = classes.at(-1);
    if (last && base.compare(last[0] ?? '', character) === 0) last.push(character);
    else classes.push([character]);
  }
  return classes;
}

/**
 * After any character, the others come in their own order, and whatever follows a lesser character it stays
 * lesser. Characters that join, expand or are skipped fail one or the other.
 */
function goesByCharacter(one: readonly string[], base: Intl.Collator): boolean {
  const lowest = one[0] ?? '';
  const highest = one.at(-1) ?? '';
  const ascend = (first: string) =>
    one.every((next, at) => at === 0 || base.compare(first + one[at - 1], first + next) < 0);
  const stays = one.every(
    (next, at) => at === 0 || base.compare(`${one[at - 1]}${highest}`, `${next}${lowest}`) < 0,
  );
  return stays && one.every(ascend);
}

/** A text comes before every text that goes on where it ends. */
function endsFirst(one: readonly string[], base: Intl.Collator): boolean {
  return one.every((next) => base.compare('a', `a${next}`) < 0);
}
