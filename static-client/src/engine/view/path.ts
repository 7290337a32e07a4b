import type { Group } from '../../definition';
import type { Coding } from '../group/coding';
import { type Level, OTHERS } from '../group/level';
import type { Parts } from '../parts';

const ROOT_PATH = '';

/** Paths of groups as hashes: the same after a reload, and no value can be read from one. */
export class Paths {
  readonly #known: (string | undefined)[][] = [];

  /** `parts[d]` are the groups of depth `d`, the root's being 0; more may come while paths are asked for. */
  constructor(
    readonly groups: readonly { readonly rule: Group; readonly coding: Coding }[],
    readonly parts: readonly Parts[],
  ) {}

  of(depth: number, index: number): string {
    const paths = this.#known[depth] ?? [];
    this.#known[depth] = paths;
    paths[index] ??= this.#find(depth, index);
    return paths[index];
  }

  /** The path of the group that a part is of; of any other group its own. */
  whole(depth: number, index: number): string {
    const level = this.parts[depth]?.level;
    return level ? this.in(level, depth, index) : ROOT_PATH;
  }

  /** The path of a group in a level of `depth`, which may not be among the parts yet. */
  in(level: Level, depth: number, index: number, project?: string): string {
    const { rule, coding } = this.groups[depth - 1] ?? {};
    const code = level.codes[index] ?? 0;
    const kind = code === OTHERS ? 'others' : code === 0 ? 'empty' : `value ${coding?.identity(code)}`;
    const identity = project === undefined ? kind : `project ${project} ${kind}`;
    const parent = this.of(depth - 1, level.parents[index] ?? 0);
    return hash(`${parent}\u0000${JSON.stringify([rule?.of, rule?.by])}\u0000${identity}`);
  }

  #find(depth: number, index: number): string {
    const parts = this.parts[depth];
    return depth > 0 && parts ? this.in(parts.level, depth, index, parts.projects[index]) : ROOT_PATH;
  }
}

/** 64 bits in two 32-bit lanes, each stirred as in MurmurHash3's last step; base 36. */
function hash(text: string): string {
  let low = 0x9e3779b9 ^ text.length;
  let high = 0x85ebca6b ^ text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul((high << 5) | (high >>> 27), 0xcc9e2d51) ^ unit;
  }
  return (
    stir(low ^ (high >>> 7)).toString(36) +
    stir(high ^ low)
      .toString(36)
      .padStart(7, '0')
  );
}

function stir(lane: number): number {
  let mixed = lane ^ (lane >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
