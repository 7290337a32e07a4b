import { describe, expect, test } from 'vitest';
import { readIssues, realFile } from '../../tests/real-data';
import { SimulatedJira, type StoredIssue } from '../../tests/simulated-jira';
import { VirtualClock } from '../../tests/virtual-clock';
import { createdAt } from './collector';
import { load } from './loader';

const path = realFile('REAL_ISSUES');
const LATENCY = 0.2;
const PAGE = 100;

function readStored(file: string): StoredIssue[] {
  return readIssues(file).map((issue) => ({
    id: issue.id,
    key: issue.key,
    created: createdAt(issue),
    matches: true,
  }));
}

describe.skipIf(path === undefined)('29,057 real issues at 200 ms a call', () => {
  const stored = path ? readStored(path) : [];
  const pages = Math.ceil(stored.length / PAGE);
  const bound = (pages * LATENCY) / 5;
  const sequentialPoints = pages + stored.length;

  test('come within 1.15 of the bound, for 1.02 of the points of paging them in turn', async () => {
    const clock = new VirtualClock();
    const jira = new SimulatedJira(stored, clock, { timeZone: 'America/St_Johns' });
    const ids: string[] = [];
    const onIssues = (issues: readonly { id: string }[]) => ids.push(...issues.map(({ id }) => id));
    const jql = 'project is not EMPTY ORDER BY created DESC';
    const result = await clock.run(load(jira, { jql, fields: ['summary'], onIssues }, clock));
    process.stdout.write(
      `loader: ${result.seconds.toFixed(1)} s (bound ${bound.toFixed(1)} s, in turn ${(pages * LATENCY).toFixed(1)} s), ` +
        `${result.calls} calls (in turn ${pages}), ${result.points} points (in turn ${sequentialPoints})\n`,
    );
    expect(ids.length).toBe(stored.length);
    expect(new Set(ids).size).toBe(stored.length);
    expect(result).toMatchObject({ complete: true, loaded: stored.length, missing: [] });
    expect(result.points).toBe(jira.points);
    expect(jira.mostAtOnce).toBe(5);
    expect(result.seconds).toBeLessThan(1.15 * bound);
    expect(result.points).toBeLessThan(1.02 * sequentialPoints);
  });
});
