import { expect, test } from 'vitest';
import type { IssueRow, RowWindow } from '../../engine/protocol';
import { RowBlocks } from './row-blocks';

const row = (index: number, revision: number): IssueRow => ({
  kind: 'issue',
  depth: 0,
  id: `${index}`,
  key: `A-${index}@${revision}`,
  cells: [],
});

/** An engine whose answers wait until they are let go, in any order. */
function engine() {
  const waiting: { from: number; to: number; answer: (revision: number) => void }[] = [];
  const rows = (from: number, to: number) =>
    new Promise<RowWindow>((resolve) => {
      const answer = (revision: number) =>
        resolve({
          revision,
          from,
          rows: Array.from({ length: to - from }, (_, i) => row(from + i, revision)),
        });
      waiting.push({ from, to, answer });
    });
  return { waiting, rows };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));
const keyAt = (blocks: RowBlocks, index: number) => {
  const found = blocks.get(index);
  return found?.kind === 'issue' ? found.key : undefined;
};

test('rows are fetched in blocks, once, up to the last row', async () => {
  const source = engine();
  let told = 0;
  const blocks = new RowBlocks(source, () => {
    told += 1;
  });
  blocks.want(1, 250, 90, 260);
  blocks.want(1, 250, 100, 140);
  expect(source.waiting.map(({ from, to }) => [from, to])).toEqual([
    [0, 100],
    [100, 200],
    [200, 250],
  ]);
  source.waiting[1]?.answer(1);
  await settled();
  expect(keyAt(blocks, 150)).toBe('A-150@1');
  expect(blocks.get(50)).toBeUndefined();
  expect(told).toBe(1);
});

test('rows of the former revision stay until the new ones are there', async () => {
  const source = engine();
  const blocks = new RowBlocks(source, () => undefined);
  blocks.want(1, 100, 0, 10);
  source.waiting[0]?.answer(1);
  await settled();
  blocks.want(2, 100, 0, 10);
  expect(keyAt(blocks, 5)).toBe('A-5@1');
  source.waiting[1]?.answer(2);
  await settled();
  expect(keyAt(blocks, 5)).toBe('A-5@2');
});

test('a late answer of an older revision is dropped', async () => {
  const source = engine();
  const blocks = new RowBlocks(source, () => undefined);
  blocks.want(1, 100, 0, 10);
  blocks.want(2, 100, 0, 10);
  source.waiting[1]?.answer(2);
  source.waiting[0]?.answer(1);
  await settled();
  expect(keyAt(blocks, 5)).toBe('A-5@2');
});

test('an answer computed for a newer revision than asked for is not mixed in', async () => {
  const source = engine();
  const blocks = new RowBlocks(source, () => undefined);
  blocks.want(1, 100, 0, 10);
  source.waiting[0]?.answer(2);
  await settled();
  expect(blocks.get(5)).toBeUndefined();
  blocks.want(2, 100, 0, 10);
  expect(source.waiting).toHaveLength(2);
});

test('blocks far from the window are forgotten', async () => {
  const source = engine();
  const blocks = new RowBlocks(source, () => undefined);
  for (let from = 0; from < 4000; from += 100) {
    blocks.want(1, 4000, from, from + 40);
    source.waiting.at(-1)?.answer(1);
    await settled();
  }
  expect(blocks.get(0)).toBeUndefined();
  expect(keyAt(blocks, 3950)).toBe('A-3950@1');
});

test('a closed engine is no error', async () => {
  const blocks = new RowBlocks({ rows: () => Promise.reject(new Error('closed')) }, () => undefined);
  blocks.want(1, 10, 0, 10);
  await settled();
  expect(blocks.get(0)).toBeUndefined();
});
