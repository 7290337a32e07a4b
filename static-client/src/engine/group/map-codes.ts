import type { CodeColumn } from '../column/code-column';
import type { Coding } from './coding';

type MappedCodes = Pick<Coding, 'codes' | 'lists'>;

/** A column's codes under `map`, which gives codes below `size`, each row without repetitions; `first` keeps a row's first value only. */
export function mapCodes(column: CodeColumn, map: Int32Array, size: number, first: boolean): MappedCodes {
  const codes = column.codes();
  const offsets = column.offsets();
  if (!offsets) return { codes: codes.map((code) => map[code] ?? 0) };
  if (first) return { codes: mapFirst(column.length, codes, offsets, map) };
  return mapLists(codes, offsets, map, size);
}

function mapFirst(length: number, codes: Int32Array, offsets: Int32Array, map: Int32Array): Int32Array {
  const mapped = new Int32Array(length);
  for (let row = 0; row < length; row++) mapped[row] = map[codes[offsets[row] ?? 0] ?? 0] ?? 0;
  return mapped;
}

/** `seen` remembers the last row of each code, so that a row's repetitions cost nothing. */
function mapLists(codes: Int32Array, offsets: Int32Array, map: Int32Array, size: number): MappedCodes {
  const length = offsets.length - 1;
  const mapped = new Int32Array(codes.length);
  const owners = new Int32Array(codes.length);
  const mappedOffsets = new Int32Array(length + 1);
  const seen = new Int32Array(size).fill(-1);
  let to = 0;
  for (let row = 0; row < length; row++) {
    for (let at = offsets[row] ?? 0; at < (offsets[row + 1] ?? 0); at++) {
      const code = map[codes[at] ?? 0] ?? 0;
      if (seen[code] === row) continue;
      seen[code] = row;
      owners[to] = row;
      mapped[to++] = code;
    }
    mappedOffsets[row + 1] = to;
  }
  return { codes: mapped.subarray(0, to), lists: { offsets: mappedOffsets, owners } };
}
