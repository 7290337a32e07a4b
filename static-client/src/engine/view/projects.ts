import type { CodeColumn } from '../column/code-column';
import { projectOf } from '../parts';
import type { GroupRow } from '../protocol';

/** The projects of issues by their keys, the one with the most issues first. */
export function projectsOf(rows: Int32Array, keys: CodeColumn): NonNullable<GroupRow['projects']> {
  const counts = new Map<string, number>();
  const codes = keys.codes();
  for (const row of rows) {
    const project = projectOf(keys.dictionary.name(codes[row] ?? 0));
    counts.set(project, (counts.get(project) ?? 0) + 1);
  }
  const projects = Array.from(counts, ([key, count]) => ({ key, count }));
  return projects.sort((left, right) => right.count - left.count || (left.key < right.key ? -1 : 1));
}
