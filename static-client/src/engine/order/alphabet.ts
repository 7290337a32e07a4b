/** What is known of how a language orders common characters, asked of its collator once. */

/** Space to tilde. */
const FIRST = 0x20;
const LAST = 0x7e;

/** Letters and signs of Europe; what a language joins, skips or takes apart is found by asking. */
const LATIN = [
  'áàâäãåāăąçćčďđéèêëēėęěğģíìîïīįıķĺļľłñńņňóòôöõøōőŕřśşšťţúùûüūůűųýÿźżžþðħŋÁÀÂÄÃÅĀĂĄÇĆČĎĐÉÈÊËĒĖĘĚĞĢÍÌÎÏĪĮİĶĹĻĽŁÑŃŅŇ',
  'ÓÒÔÖÕØŌŐŔŘŚŞŠŤŢÚÙÛÜŪŮŰŲÝŸŹŻŽÞÐĦŊ\u00a0–—‘’“”„«»•€£§°→',
].join('');
const CYRILLIC = 'абвгґдеёєжзиіїйклмнопрстуфхцчшщъыьэюяАБВГҐДЕЁЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ';

/** Characters that most languages take for several. */
const EXPANDED: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  '…': '...',
};

/** Bits of a class; 0 ends a text, so classes begin at 1. */
export const CLASS_BITS = 7;
export const CLASS_MASK = 2 ** CLASS_BITS - 1;

/**
 * The classes that each character stands for, the first in the lowest bits; characters that differ by case or
 * accent alone share one. 0 for characters that are not known.
 */
export type Alphabet = Int32Array;

const known = new Map<string, Alphabet | undefined>();

/**
 * The classes of characters by which this collator compares texts before it looks at
 * accents and case, or `undefined` where it
 * does not go character by character: where two letters make one, as `ch` does in Czech, where a character is
 * skipped, or where digits count as numbers.
 */
export function alphabetOf(collator: Intl.Collator): Alphabet | undefined {
  const { locale, numeric, caseFirst } = collator.resolvedOptions();
  if (numeric) return undefined;
  const key = `${locale} ${caseFirst}`;
  if (!known.has(key)) known.set(key, askAlphabet(locale));
  return known.get(key);
}

/** As many characters as go: those that a language treats unlike the others must not cost it the rest. */
function askAlphabet(locale: string): Alphabet | undefined {
  const base = new Intl.Collator(locale, { sensitivity: 'base' });
  for (const more of [LATIN + CYRILLIC, LATIN, '']) {
    const alphabet = alphabetWith(more, base);
    if (alphabet) return alphabet;
  }
  return undefined;
}

function alphabetWith(more: string, base: Intl.Collator): Alphabet | undefined {
  const expanded = Object.entries(EXPANDED).filter(
    ([one, several]) => more && base.compare(one, several) === 0,
  );
  const own =
    more === '' ? [] : Object.keys(EXPANDED).filter((one) => !expanded.some(([same]) => same === one));
  const ascii = Array.from({ length: LAST - FIRST + 1 }, (_, at) => String.fromCharCode(FIRST + at));
  const classes = characterClasses([...ascii, ...more, ...own], base);
  const one = classes.map(([character = '']) => character);
  if (classes.length > CLASS_MASK || !goesByCharacter(one, base) || !endsFirst(one, base)) return undefined;
  if (!classes.every((characters) => goAlike(characters, base))) return undefined;
  const alphabet = new Int32Array(0x10000);
  classes.forEach((characters, index) => {
    for (const character of characters) alphabet[character.charCodeAt(0)] = index + 1;
  });
  for (const [character, several] of expanded) {
    const found = [...several].map((each) => alphabet[each.charCodeAt(0)] as number);
    alphabet[character.charCodeAt(0)] = found.reduceRight((rest, each) => (rest << CLASS_BITS) | each, 0);
  }
  return alphabet;
}

function characterClasses(
  characters: readonly string[],
  base: Intl.Collator,
): readonly (readonly string[])[] {
  const classes: string[][] = [];
  for (const character of [...characters].sort(base.compare)) {
    const last = classes.at(-1);
    if (last && base.compare(last[0] ?? '', character) === 0) last.push(character);
    else classes.push([character]);
  }
  return classes;
}

/** Characters of one class make no difference before and after any letter of ASCII: all of them in one text. */
function goAlike([first = '', ...others]: readonly string[], base: Intl.Collator): boolean {
  const amid = (character: string) =>
    character + [...'abcdefghijklmnopqrstuvwxyz'].join(character) + character;
  return others.every((other) => base.compare(amid(first), amid(other)) === 0);
}

/** Ignored by every collator, but what stands on its two sides is not joined. */
const APART = '\u034f';

/**
 * No character joins the next one, and whatever follows a lesser character it stays lesser: one that expands or is
 * skipped does not.
 */
function goesByCharacter(one: readonly string[], base: Intl.Collator): boolean {
  const lowest = one[0] ?? '';
  const highest = one.at(-1) ?? '';
  const amid = (first: string, between: string) =>
    one.map((next) => first + between + next + between).join('');
  const joinsNone = (first: string) => base.compare(amid(first, ''), amid(first, APART)) === 0;
  const stays = one.every(
    (next, at) => at === 0 || base.compare(`${one[at - 1]}${highest}`, `${next}${lowest}`) < 0,
  );
  return stays && one.every(joinsNone);
}

/** A text comes before every text that goes on where it ends. */
function endsFirst(one: readonly string[], base: Intl.Collator): boolean {
  return one.every((next) => base.compare('a', `a${next}`) < 0);
}
