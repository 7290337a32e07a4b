/** Aggregates that need all values of a group at once; computed for the groups that are looked at. */

/** The percentile of values that are not empty, interpolated linearly; NaN of none. `percent` is 0 to 100. */
export function percentile(values: Float64Array, percent: number): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length === 0) return Number.NaN;
  const at = (percent / 100) * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

/** How many different values there are, empty ones left out. */
export function countDistinct(values: Float64Array): number {
  const distinct = new Set(values);
  distinct.delete(Number.NaN);
  return distinct.size;
}

/** Different values in order of appearance, empty ones left out. */
export function distinctInOrder(values: Iterable<number>): readonly number[] {
  const distinct = new Set(values);
  distinct.delete(Number.NaN);
  return [...distinct];
}
