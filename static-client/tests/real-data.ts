import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { RawIssue } from '../src/engine/protocol';

/**
 * Files of real data are named by environment variables. Without one its tests are skipped, except in
 * continuous integration, where a missing file is a mistake.
 */
export function realFile(variable: 'REAL_ISSUES' | 'REAL_JQL' | 'REAL_FIELDS'): string | undefined {
  const path = process.env[variable];
  if (path && existsSync(path)) return path;
  if (process.env.CI === 'true') throw new Error(`${variable} names no file`);
  process.stderr.write(`Skipped: ${variable} is not set, so tests over it do not run.\n`);
  return undefined;
}

export function readText(path: string): string {
  const bytes = readFileSync(path);
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

/** One issue a line, as Jira's search returns it. */
export function readIssues(path: string): readonly RawIssue[] {
  const lines = readText(path).split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as RawIssue);
}
