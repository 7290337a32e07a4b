import type { Entry } from '../column/dictionary';
import { readDate } from './date';
import { asObject, textOf } from './json';

/** The form of older sites: `com.atlassian.greenhopper.service.sprint.Sprint@1f[id=1,name=Sprint 1,…]`. */
const OLD_FORM = /^com\.atlassian\.greenhopper\.[^[]*\[(.*)\]$/s;

/** A member begins at `name=` after a comma, as names may hold commas themselves. */
const MEMBER =
  /(?:^|,)(id|rapidViewId|state|name|startDate|endDate|completeDate|activatedDate|sequence|goal|autoStartStop|synced|incompleteIssuesDestinationId)=/g;

const STATES = ['active', 'closed', 'future'] as const;

/** A sprint; sprints are in order of their start, those without one after the rest. */
export function readSprint(raw: unknown): Entry | undefined {
  const members = asObject(raw) ?? (typeof raw === 'string' ? parseOldForm(raw) : undefined);
  if (!members) return typeof raw === 'string' && raw !== '' ? { id: raw, name: raw } : undefined;
  const name = textOf(members, 'name');
  const id = textOf(members, 'id') ?? name;
  if (id === undefined) return undefined;
  const start = readDate(members.startDate);
  const state = STATES.find((known) => known === textOf(members, 'state')?.toLowerCase());
  return {
    id,
    name: name ?? id,
    ...(state && { value: { kind: 'lozenge', text: name ?? id, state } }),
    ...(Number.isNaN(start) ? {} : { order: start }),
  };
}

function parseOldForm(text: string): Readonly<Record<string, string>> | undefined {
  const body = OLD_FORM.exec(text)?.[1];
  if (body === undefined) return undefined;
  const marks = [...body.matchAll(MEMBER)];
  const members: Record<string, string> = {};
  marks.forEach((mark, index) => {
    const value = body.slice(mark.index + mark[0].length, marks[index + 1]?.index);
    if (value !== '<null>' && mark[1]) members[mark[1]] = value;
  });
  return members;
}
