import { IntVector } from '../column/vector';
import type { Tree } from '../group/tree';

/** The visible rows: a group's depth in the tree and index, or an issue's place among its level's rows. */
export interface FlatRows {
  /** 1 is the outermost group; the depth below the innermost group is an issue. */
  readonly depths: Int32Array;
  readonly indices: Int32Array;
}

/** Lists what is visible when `expanded` tells which groups are open. */
export function flatten(tree: Tree, expanded: (depth: number, group: number) => boolean): FlatRows {
  const depths = new IntVector();
  const indices = new IntVector();
  const deepest = tree.levels.length - 1;
  const push = (depth: number, from: number, to: number): void => {
    for (let index = from; index < to; index++) {
      depths.push(depth);
      indices.push(index);
      if (depth <= deepest && expanded(depth, index)) open(depth, index);
    }
  };
  const open = (depth: number, group: number): void => {
    const starts = depth === deepest ? tree.levels[depth]?.starts : tree.children[depth];
    push(depth + 1, starts?.[group] ?? 0, starts?.[group + 1] ?? 0);
  };
  open(0, 0);
  return { depths: depths.view(), indices: indices.view() };
}
