import type { CodeColumn } from './column/code-column';
import { groupCount, Level } from './group/level';

/** A level of which some groups are shown project by project. */
export interface Parts {
  readonly level: Level;
  /** Of each group that is one project's part of a group, the project's key. */
  readonly projects: readonly (string | undefined)[];
}

interface Part {
  readonly group: number;
  readonly rows: Int32Array;
  readonly project?: string;
}

/** Nothing told apart. */
export function wholeGroups(level: Level): Parts {
  return { level, projects: [] };
}

/**
 * Puts a part for each project in the place of every group that `isApart` names, the largest first. Each row has
 * one project, by its issue's key, so parts add up to their group; rows keep their order.
 */
export function partByProject(level: Level, isApart: (group: number) => boolean, keys: CodeColumn): Parts {
  const parts: Part[] = [];
  let divided = false;
  for (let group = 0; group < groupCount(level); group++) {
    const rows = level.rows.subarray(level.starts[group] ?? 0, level.starts[group + 1] ?? 0);
    const byProject = isApart(group) ? rowsByProject(rows, keys) : [];
    if (byProject.length > 1) {
      divided = true;
      for (const [project, own] of byProject) parts.push({ group, project, rows: Int32Array.from(own) });
    } else parts.push({ group, rows });
  }
  return divided ? rebuilt(level, parts) : wholeGroups(level);
}

function rowsByProject(rows: Int32Array, keys: CodeColumn): [string, number[]][] {
  const byProject = new Map<string, number[]>();
  const codes = keys.codes();
  for (const row of rows) {
    const project = projectOf(keys.dictionary.name(codes[row] ?? 0));
    const own = byProject.get(project);
    if (own) own.push(row);
    else byProject.set(project, [row]);
  }
  return [...byProject].sort(
    ([key, own], [otherKey, others]) => others.length - own.length || (key < otherKey ? -1 : 1),
  );
}

/** `AB` of `AB-12`. */
export function projectOf(issueKey: string): string {
  return issueKey.slice(0, issueKey.lastIndexOf('-'));
}

function rebuilt(
  { entries: { length }, codes, parents, whole, coding }: Level,
  parts: readonly Part[],
): Parts {
  const entries = new Int32Array(length);
  const groupOf = new Int32Array(length);
  const starts = new Int32Array(parts.length + 1);
  let to = 0;
  parts.forEach(({ rows }, index) => {
    entries.set(rows, to);
    groupOf.fill(index, to, to + rows.length);
    to += rows.length;
    starts[index + 1] = to;
  });
  const own = (of: Int32Array) => Int32Array.from(parts, ({ group }) => of[group] ?? 0);
  const members = { entries, groupOf, starts, codes: own(codes), parents: own(parents) };
  return {
    level: new Level({ ...members, whole, sorted: true, coding }),
    projects: parts.map(({ project }) => project),
  };
}
