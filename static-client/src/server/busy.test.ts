import { expect, test } from 'vitest';
import { Busy } from './busy';

test('the wait that ends first is the one to show', async () => {
  const busy = new Busy();
  const ends: (() => void)[] = [];
  const waiting = () => new Promise<void>((resolve) => ends.push(resolve));
  const waits = [busy.during(9, waiting()), busy.during(3.2, waiting()), busy.during(0.5, waiting())];
  expect(busy.seconds()).toBe(4);
  ends[1]?.();
  await waits[1];
  expect(busy.seconds()).toBe(9);
  ends[0]?.();
  ends[2]?.();
  await Promise.all(waits);
  expect(busy.seconds()).toBeNull();
});

test('who has stopped listening is not told', async () => {
  const busy = new Busy();
  let told = 0;
  const stop = busy.subscribe(() => {
    told += 1;
  });
  await busy.during(1, Promise.resolve());
  stop();
  await busy.during(1, Promise.resolve());
  expect(told).toBe(2);
});

test('a wait that fails ends', async () => {
  const busy = new Busy();
  await expect(busy.during(5, Promise.reject(new Error('aborted')))).rejects.toThrow('aborted');
  expect(busy.seconds()).toBeNull();
});
