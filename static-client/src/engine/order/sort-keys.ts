import { compareExactly } from './comparison';

const ZERO = 0x30;
const NINE = 0x39;
const DASH = 0x2d;

/** A number's length is bounded, so that it stays exact; further digits belong to the project. */
const MOST_DIGITS = 15;

/** The indices of issue keys by project, then by number; what is no key is a project alone. */
export function sortKeys(keys: readonly string[]): Int32Array {
  const ends = Int32Array.from(keys, numberStart);
  const numbers = Float64Array.from(keys, (key, index) => numberAfter(key, ends[index] as number));
  const order = new Int32Array(keys.length);
  let from = 0;
  for (const members of byProject(keys, ends)) {
    sortByNumber(members, numbers);
    order.set(members, from);
    from += members.length;
  }
  settleTies(order, keys, ends, numbers);
  return order;
}

function numberStart(key: string): number {
  const least = Math.max(0, key.length - MOST_DIGITS);
  let at = key.length;
  while (at > least && isDigit(key.charCodeAt(at - 1))) at--;
  return at;
}

function numberAfter(key: string, end: number): number {
  let number = 0;
  for (let at = end; at < key.length; at++) number = number * 10 + key.charCodeAt(at) - ZERO;
  return number;
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

function projectOf(key: string, end: number): string {
  return key.slice(0, key.charCodeAt(end - 1) === DASH ? end - 1 : end);
}

/** The indices of each project's keys, in the order of the projects. */
function byProject(keys: readonly string[], ends: Int32Array): readonly Int32Array[] {
  const projects = new Map<string, number[]>();
  let project = '';
  let members: number[] | undefined;
  keys.forEach((key, index) => {
    const next = projectOf(key, ends[index] ?? 0);
    if (next !== project || !members) {
      project = next;
      members = projects.get(project) ?? [];
      projects.set(project, members);
    }
    members.push(index);
  });
  const names = [...projects.keys()].sort(compareExactly);
  return names.map((name) => Int32Array.from(projects.get(name) ?? []));
}

/** Number and place in one, which the platform sorts natively, as long as both fit into a number exactly. */
function sortByNumber(members: Int32Array, numbers: Float64Array): void {
  const count = members.length;
  const most = members.reduce((highest, index) => Math.max(highest, numbers[index] as number), 0);
  if ((most + 1) * count > Number.MAX_SAFE_INTEGER) {
    members.sort((left, right) => (numbers[left] as number) - (numbers[right] as number));
    return;
  }
  const packed = Float64Array.from(
    members,
    (index, place) => (numbers[index] as number) * count + place,
  ).sort();
  const before = members.slice();
  for (let at = 0; at < count; at++) members[at] = before[(packed[at] as number) % count] as number;
}

/** `A-1` and `A-01` are the same number of the same project: the code points decide. */
function settleTies(
  order: Int32Array,
  keys: readonly string[],
  ends: Int32Array,
  numbers: Float64Array,
): void {
  const alike = (left: number, right: number) =>
    numbers[left] === numbers[right] &&
    projectOf(keys[left] ?? '', ends[left] ?? 0) === projectOf(keys[right] ?? '', ends[right] ?? 0);
  let from = 0;
  for (let at = 1; at <= order.length; at++) {
    if (at < order.length && alike(order[at - 1] as number, order[at] as number)) continue;
    if (at - from > 1) {
      order.subarray(from, at).sort((left, right) => compareExactly(keys[left] ?? '', keys[right] ?? ''));
    }
    from = at;
  }
}
