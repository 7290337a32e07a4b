import type { Comparison } from './comparison';
import type { Run } from './merge';
import { MOST_TEXTS, sortSpelled } from './plain-texts';
import { presort } from './presort';

/** Texts that are not spelled find their places one by one, which pays while they are few: one in so many. */
const FEW = 16;

/** Sorts the texts from `from` up to `end`. */
export function sortRun(comparison: Comparison, from: number, end: number): Run {
  const indices = sortIndices(
    comparison,
    Int32Array.from({ length: end - from }, (_, at) => from + at),
  );
  const shared = new Int8Array(indices.length);
  if (!comparison.spelling?.has(indices[0] as number)) shared[0] = -1;
  for (let at = 1; at < indices.length; at++) {
    shared[at] = comparison.shared(indices[at - 1] as number, indices[at] as number, 0);
  }
  return { indices, shared };
}

function sortIndices(comparison: Comparison, indices: Int32Array): Int32Array {
  const { spelling } = comparison;
  if (!spelling || indices.length > MOST_TEXTS) return sortByCollator(comparison, indices);
  const plain = indices.filter((index) => spelling.has(index));
  const others = indices.filter((index) => !spelling.has(index));
  if (others.length > indices.length / FEW) return sortByCollator(comparison, indices);
  sortSpelled(spelling, plain, comparison.byCollator);
  return others.length === 0 ? plain : mergeFew(plain, sortByCollator(comparison, others), comparison);
}

/**
 * Comparing by language is dear, so texts are brought into about the right order first; sorting what is nearly
 * sorted compares each text with its neighbour and little more. (`Array` sorts so, typed arrays do not.)
 */
function sortByCollator(comparison: Comparison, indices: Int32Array): Int32Array {
  const { texts, collator } = comparison;
  const some = Array.from(indices, (index) => texts[index] as string);
  const about = Array.from(presort(some, collator), (place) => indices[place] as number);
  return Int32Array.from(about.sort(comparison.byCollator));
}

/** Puts each of few sorted texts into its place among many by halving what is left of them. */
function mergeFew(many: Int32Array, few: Int32Array, { byCollator }: Comparison): Int32Array {
  const merged = new Int32Array(many.length + few.length);
  let from = 0;
  few.forEach((text, before) => {
    let to = many.length;
    const start = from;
    while (from < to) {
      const middle = (from + to) >> 1;
      if (byCollator(many[middle] ?? 0, text) < 0) from = middle + 1;
      else to = middle;
    }
    merged.set(many.subarray(start, from), start + before);
    merged[from + before] = text;
  });
  merged.set(many.subarray(from), from + few.length);
  return merged;
}
