import { expect, test } from 'vitest';
import { VirtualClock } from '../../tests/virtual-clock';
import { Throttle } from './throttle';

async function atOnce(throttle: Throttle, clock: VirtualClock, calls: number): Promise<number> {
  let running = 0;
  let most = 0;
  const call = async () => {
    running++;
    most = Math.max(most, running);
    await clock.sleep(100);
    running--;
  };
  await clock.run(Promise.all(Array.from({ length: calls }, () => throttle.run(call))));
  return most;
}

test('runs as many calls at once as it may, and all of them', async () => {
  const clock = new VirtualClock();
  expect(await atOnce(new Throttle(5, clock), clock, 23)).toBe(5);
  expect(clock.now()).toBe(500);
});

test('halves when refused, waits out the pause, and recovers step by step', async () => {
  const clock = new VirtualClock();
  const throttle = new Throttle(5, clock);
  throttle.refused(3_000);
  expect(throttle.limit).toBe(2);
  expect(await atOnce(throttle, clock, 6)).toBe(2);
  expect(clock.now()).toBe(3_300);
  for (let call = 0; call < 20; call++) throttle.succeeded();
  expect(throttle.limit).toBe(3);
  for (let call = 0; call < 200; call++) throttle.succeeded();
  expect(throttle.limit).toBe(5);
});

test('never stops altogether', () => {
  const throttle = new Throttle(2, new VirtualClock());
  for (let call = 0; call < 5; call++) throttle.refused(0);
  throttle.nearLimit();
  expect(throttle.limit).toBe(1);
});

test('makes room again when a call fails', async () => {
  const clock = new VirtualClock();
  const throttle = new Throttle(1, clock);
  await expect(throttle.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await atOnce(throttle, clock, 2)).toBe(1);
});

test('lets nothing begin that was stopped while it waited', async () => {
  const clock = new VirtualClock();
  const throttle = new Throttle(1, clock);
  throttle.refused(60_000);
  const stop = new AbortController();
  let began = false;
  const call = throttle.run(async () => {
    began = true;
  }, stop.signal);
  stop.abort();
  await expect(clock.run(call)).rejects.toThrow();
  expect(began).toBe(false);
  expect(clock.now()).toBe(0);
});
