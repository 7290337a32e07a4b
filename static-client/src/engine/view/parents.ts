/** The row around each of the visible rows `from` to `to`: its index, or -1 at the outermost depth. */
export function parentsOf(depths: Int32Array, from: number, to: number): Int32Array {
  const parents = new Int32Array(Math.max(0, to - from)).fill(-1);
  const open: number[] = ancestorsOf(depths, from);
  for (let at = from; at < to; at++) {
    const depth = depths[at] ?? 0;
    open.length = Math.min(open.length, depth);
    parents[at - from] = open[depth - 1] ?? -1;
    open[depth] = at;
  }
  return parents;
}

/** By depth, the last row above `at` that the rows from there on may stand in. */
function ancestorsOf(depths: Int32Array, at: number): number[] {
  const open: number[] = [];
  let depth = depths[at] ?? 0;
  for (let above = at - 1; above >= 0 && depth > 1; above--) {
    if ((depths[above] ?? 0) >= depth) continue;
    depth = depths[above] ?? 0;
    open[depth] = above;
  }
  return open;
}
