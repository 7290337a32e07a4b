/** Characters of a text that a cell shows at most: a page of rows must stay quick whatever they hold. */
export const LONGEST_SHOWN = 1000;

/** The beginning of a text that is too long to show, with an ellipsis; never half a character. */
export function shortened(text: string): string {
  if (text.length <= LONGEST_SHOWN) return text;
  const last = text.charCodeAt(LONGEST_SHOWN - 2);
  const half = last >= 0xd800 && last <= 0xdbff;
  return `${text.slice(0, LONGEST_SHOWN - (half ? 2 : 1))}…`;
}
