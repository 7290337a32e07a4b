import type { Spelling } from './spelling';

/** Compares texts by their indices: by how they are spelled where both are, else by the collator. */
export class Comparison {
  constructor(
    readonly texts: readonly string[],
    readonly collator: Intl.Collator,
    readonly spelling: Spelling | undefined,
  ) {}

  /** Numbers in which two spelled texts agree, which are at least `known`; -1 where one is not spelled. */
  shared(left: number, right: number, known: number): number {
    const { spelling } = this;
    return spelling?.has(left) && spelling.has(right) ? spelling.shared(left, right, known) : -1;
  }

  /** Below or above 0, 0 only for equal texts; `shared` is how far the two agree, as found before. */
  compare(left: number, right: number, shared: number): number {
    const difference = shared < 0 ? 0 : (this.spelling?.difference(left, right, shared) ?? 0);
    return difference || this.byCollator(left, right);
  }

  /** By the language, then by code points: the order of loading never decides. */
  readonly byCollator = (left: number, right: number): number => {
    const one = this.texts[left] as string;
    const other = this.texts[right] as string;
    return this.collator.compare(one, other) || compareExactly(one, other);
  };
}

/** Where the language sees no difference, the code points decide: the order of loading never does. */
export function compareExactly(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}
