type Purpose = 'keys' | 'sorted keys' | 'keys by place' | 'table';

const buffers = new Map<Purpose, Int32Array>();

/**
 * Working memory, kept from one split to the next: arrays of this size made anew each time would have the
 * garbage collector look at everything held. What it holds is not cleared, and good until the next split.
 */
export function borrow(purpose: Purpose, length: number): Int32Array {
  const known = buffers.get(purpose);
  if (known && known.length >= length) return known.subarray(0, length);
  const made = new Int32Array(Math.ceil(length * 1.25));
  buffers.set(purpose, made);
  return made.subarray(0, length);
}
