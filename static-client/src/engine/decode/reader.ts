import type { Entry } from '../column/dictionary';
import type { EngineContext, FieldKind } from '../protocol';
import {
  readIssue,
  readIssueType,
  readNamed,
  readOption,
  readPlain,
  readPriority,
  readProject,
  readStatus,
  readUser,
  readVersion,
} from './objects';
import { LONGEST_SHOWN, shortened } from './shortened';
import { readSprint } from './sprint';
import { readText, readUnknown } from './unknown';

type Reader = (raw: unknown) => Entry | undefined;

const READERS: Partial<Record<FieldKind, Reader>> = {
  key: readPlain,
  text: readText,
  label: readPlain,
  boolean: readPlain,
  rank: readPlain,
  user: readUser,
  option: readOption,
  component: readNamed,
  resolution: readNamed,
  version: readVersion,
  sprint: readSprint,
  status: readStatus,
  project: readProject,
  issuetype: readIssueType,
  issue: readIssue,
};

/** How a field's values are read; every reader falls back to what it can make of the JSON it gets. */
export function readerOf(kind: FieldKind, context: EngineContext): Reader {
  const read = kind === 'priority' ? readPriority(context.priorities) : READERS[kind];
  return read ? (raw) => bounded(read(raw) ?? readUnknown(raw)) : (raw) => bounded(readUnknown(raw));
}

/** What is drawn in a cell is cut; order, filters and groups go by the whole name. */
function bounded(entry: Entry | undefined): Entry | undefined {
  if (!entry?.value || entry.name.length <= LONGEST_SHOWN || !('text' in entry.value)) return entry;
  return { ...entry, value: { ...entry.value, text: shortened(entry.name) } };
}
