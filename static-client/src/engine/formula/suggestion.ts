/** How alike two texts must be, from 0 to 1. */
const CUTOFF = 0.6;

/** `; did you mean "…"?` where one of the right texts is close to the wrong one, else nothing. */
export function suggestion(wrong: string, right: Iterable<string>): string {
  let best: string | undefined;
  let score = CUTOFF;
  for (const candidate of right) {
    const likeness = alike(candidate, wrong.slice(0, 200));
    if (likeness > score || (likeness === score && (best === undefined || candidate > best))) {
      best = candidate;
      score = likeness;
    }
  }
  return best === undefined ? '' : `; did you mean "${best}"?`;
}

/** Ratcliff and Obershelp's measure, as the server uses it: twice the letters that match, of all letters. */
function alike(one: string, other: string): number {
  const letters = one.length + other.length;
  return letters === 0 ? 1 : (2 * matching(one, other)) / letters;
}

/** Letters in the longest common part, and in those to its left and to its right. */
function matching(one: string, other: string): number {
  const { start, otherStart, length } = longestCommon(one, other);
  if (length === 0) return 0;
  const left = matching(one.slice(0, start), other.slice(0, otherStart));
  return length + left + matching(one.slice(start + length), other.slice(otherStart + length));
}

/** The longest common part, the first of several in `one` and then in `other`. */
function longestCommon(one: string, other: string) {
  let best = { start: 0, otherStart: 0, length: 0 };
  let above = new Uint16Array(other.length + 1);
  for (let at = 0; at < one.length; at++) {
    const lengths = new Uint16Array(other.length + 1);
    for (let otherAt = 0; otherAt < other.length; otherAt++) {
      if (one[at] !== other[otherAt]) continue;
      const length = (above[otherAt] ?? 0) + 1;
      lengths[otherAt + 1] = length;
      if (length > best.length) best = { start: at - length + 1, otherStart: otherAt - length + 1, length };
    }
    above = lengths;
  }
  return best;
}
