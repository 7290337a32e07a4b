import type { Group } from '../../definition';
import type { ExpansionDepth } from '../protocol';

/** Which groups are open: those to a depth, save the ones a person has toggled. */
export class Expansion {
  #depth: ExpansionDepth | undefined;
  readonly #toggled = new Set<string>();

  /** Forgets single toggles, as the person asked for the whole table. */
  expand(depth: ExpansionDepth): void {
    this.#depth = depth;
    this.#toggled.clear();
  }

  toggle(path: string): void {
    if (!this.#toggled.delete(path)) this.#toggled.add(path);
  }

  /** Nothing was toggled: paths need not be known. */
  get uniform(): boolean {
    return this.#toggled.size === 0;
  }

  /** `depth` 0 is the outermost group; before a person chose, the rule says whether its groups are open. */
  isExpanded(depth: number, rule: Group | undefined, path: () => string): boolean {
    const open = this.#depth === undefined ? !rule?.collapsed : this.#depth === 'all' || depth < this.#depth;
    return this.uniform ? open : open !== this.#toggled.has(path());
  }
}
