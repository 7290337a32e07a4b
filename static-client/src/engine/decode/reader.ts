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
import { readSprint } from './sprint';
import { readText, readUnknown } from './unknown';

type Reader = (raw: unknown) => Entry | undefined;

const READERS: Partial<Record<FieldKind, Reader>> = {
  key: readPlain,
  text: readText,
  label: readPlain,
  boolean: readPlain,
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
  return read ? (raw) => read(raw) ?? readUnknown(raw) : readUnknown;
}
