import type { Engine, Row } from '../../engine/protocol';

const BLOCK = 100;
const BLOCKS_KEPT = 24;

interface Block {
  readonly revision: number;
  readonly rows: readonly Row[];
}

/**
 * The rows near the window, fetched from the engine in blocks. When the table changes, rows of the former
 * revision stay until their successors are there, so nothing flickers; blocks far away are forgotten.
 */
export class RowBlocks {
  private readonly blocks = new Map<number, Block>();
  private readonly fetching = new Map<number, number>();
  private revision = 0;

  constructor(
    private readonly engine: Pick<Engine, 'rows'>,
    private readonly onRows: () => void,
  ) {}

  get(index: number): Row | undefined {
    return this.blocks.get(Math.floor(index / BLOCK))?.rows[index % BLOCK];
  }

  /** Makes sure that the rows `from` (included) to `to` (excluded) are there or on their way. */
  want(revision: number, rowCount: number, from: number, to: number): void {
    this.revision = revision;
    const last = Math.floor((Math.min(to, rowCount) - 1) / BLOCK);
    for (let number = Math.floor(from / BLOCK); number <= last; number += 1) {
      const present = this.blocks.get(number)?.revision === revision;
      if (!present && this.fetching.get(number) !== revision) {
        void this.fetch(number, rowCount);
      }
    }
    this.forget(Math.floor(from / BLOCK));
  }

  private async fetch(number: number, rowCount: number): Promise<void> {
    const { revision } = this;
    this.fetching.set(number, revision);
    try {
      const from = number * BLOCK;
      const window = await this.engine.rows(from, Math.min(from + BLOCK, rowCount));
      if (window.revision === this.revision) {
        this.blocks.set(number, { revision: window.revision, rows: window.rows });
        this.onRows();
      }
    } catch {
      // The engine was closed while it worked; nobody waits for these rows any more.
    } finally {
      if (this.fetching.get(number) === revision) {
        this.fetching.delete(number);
      }
    }
  }

  private forget(centre: number): void {
    if (this.blocks.size <= BLOCKS_KEPT) {
      return;
    }
    const byDistance = [...this.blocks.keys()].sort((a, b) => Math.abs(b - centre) - Math.abs(a - centre));
    for (const number of byDistance.slice(0, this.blocks.size - BLOCKS_KEPT)) {
      this.blocks.delete(number);
    }
  }
}
