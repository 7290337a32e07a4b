/** Paths of groups as hashes: the same after a reload, and no value can be read from one. */

export const ROOT_PATH = '';

/** The path of a group below `parent`; `rule` tells levels apart, `identity` the groups of one. */
export function groupPath(parent: string, rule: string, identity: string): string {
  return hash(`${parent}\u0000${rule}\u0000${identity}`);
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
