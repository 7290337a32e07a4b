import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LARGEST_FILE, LARGEST_PART } from '../../server/imports';
import { Unreachable } from '../../server/problem';
import { fileFault, partsOf, sendMissing, sha256 } from './import-upload';

/** A server that keeps parts as ours does, and breaks off before the given ones, once each. */
function keeping(...breaksAt: number[]) {
  const kept = new Map<number, Blob>();
  const asked: number[] = [];
  const breaks = new Set(breaksAt);
  const put = async (_id: string, number: number, part: Blob, signal?: AbortSignal) => {
    signal?.throwIfAborted();
    asked.push(number);
    if (breaks.delete(number)) {
      throw new Unreachable('The Sightline server could not be reached.');
    }
    kept.set(number, part);
  };
  const content = () => new Blob([...kept].sort(([a], [b]) => a - b).map(([, part]) => part)).arrayBuffer();
  return { imports: { put }, asked, content, has: () => [...kept.keys()] };
}

function send(server: ReturnType<typeof keeping>, file: Blob, signal = new AbortController().signal) {
  const told: number[] = [];
  const onProgress = (bytes: number) => told.push(bytes);
  const sent = sendMissing({ imports: server.imports, id: 'i', file, has: server.has(), signal, onProgress });
  return { sent, told };
}

const bytes = (length: number) => new Blob([new Uint8Array(length).map((_, place) => place % 251)]);

test('a file arrives as it is, in parts that are small enough', async () => {
  const sizes = fc.integer({ min: 1, max: 3 * LARGEST_PART + 1 });
  await fc.assert(
    fc.asyncProperty(fc.oneof(sizes, fc.constantFrom(LARGEST_PART, 2 * LARGEST_PART)), async (size) => {
      const server = keeping();
      const file = bytes(size);
      const { sent, told } = send(server, file);
      await sent;
      expect(Buffer.from(await server.content()).equals(Buffer.from(await file.arrayBuffer()))).toBe(true);
      expect(told.at(-1)).toBe(size);
      expect(Math.max(...partsOf(file).map(({ content }) => content.size))).toBeLessThanOrEqual(LARGEST_PART);
    }),
    { numRuns: 20 },
  );
});

test('after a broken connection only what is missing is sent', async () => {
  const server = keeping(3);
  const file = bytes(4 * LARGEST_PART);
  await expect(send(server, file).sent).rejects.toBeInstanceOf(Unreachable);
  const { sent, told } = send(server, file);
  await sent;

  expect(server.asked).toEqual([1, 2, 3, 3, 4]);
  expect(told).toEqual([2, 3, 4].map((count) => count * LARGEST_PART));
  expect((await server.content()).byteLength).toBe(file.size);
});

test('a person who cancels sends nothing more', async () => {
  const server = keeping();
  const call = new AbortController();
  call.abort();
  await expect(send(server, bytes(10), call.signal).sent).rejects.toMatchObject({ name: 'AbortError' });
  expect(server.asked).toEqual([]);
});

test('a file that cannot be an export is told before anything of it is sent', async () => {
  const large = Object.defineProperty(new Blob(), 'size', { value: LARGEST_FILE + 1 });
  expect(await fileFault(new Blob())).toBe('This file is empty.');
  expect(await fileFault(large)).toContain('at most 67.1 MB');
  expect(await fileFault(new Blob(['{"format": "sightline-export"}']))).toContain('.json.gz');
  expect(await fileFault(new Blob([new Uint8Array([0x1f])]))).toContain('.json.gz');
  expect(await fileFault(new Blob([new Uint8Array([0x1f, 0x8b, 8])]))).toBeUndefined();
});

test('the checksum is that of other programs', async () => {
  const file = bytes(1_000);
  const other = createHash('sha256').update(Buffer.from(await file.arrayBuffer()));
  expect(await sha256(file)).toBe(other.digest('hex'));
});
