// Writes issues as Jira's search returns them, a hundred a file: those of REAL_ISSUES, else generated ones.
// Use: node pages.mjs COUNT FOLDER
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { issuePages } from '../../.cache/bench/engine.mjs';

const PAGE = 100;
const count = Number(process.argv[2]);
const folder = process.argv[3];
const real = process.env.REAL_ISSUES;

function realIssues() {
  const lines = gunzipSync(readFileSync(real)).toString('utf8').split('\n');
  return lines
    .filter((line) => line !== '')
    .slice(0, count)
    .map((line) => JSON.parse(line));
}

/** The fields that the generator leaves out, by the issue's number. */
function completed(issue, number) {
  const person = { accountId: `r${number % 500}`, displayName: `Reporter ${number % 500}`, active: true };
  const version = { id: String(number % 90), name: `Release ${number % 90}`, released: true };
  return {
    ...issue,
    fields: {
      ...issue.fields,
      resolution: number % 3 ? { id: '1', name: 'Done' } : null,
      updated: issue.fields.created,
      resolutiondate: number % 3 ? issue.fields.created : null,
      labels: number % 2 ? [`label-${number % 200}`, `theme-${number % 40}`] : [],
      versions: [version],
      fixVersions: number % 4 ? [] : [version],
      reporter: person,
      creator: person,
      customfield_10020:
        number % 3 ? null : [{ id: number % 60, name: `Sprint ${number % 60}`, state: 'closed' }],
    },
  };
}

const issues = real ? realIssues() : [...issuePages(count)].flat().map(completed);
mkdirSync(folder, { recursive: true });
const files = [];
for (let from = 0; from < issues.length; from += PAGE) {
  const file = `${from / PAGE}.json`;
  writeFileSync(`${folder}/${file}`, JSON.stringify(issues.slice(from, from + PAGE)));
  files.push(file);
}
process.stdout.write(JSON.stringify({ issues: issues.length, real: Boolean(real), files }));
