import type { GroupRow, Value } from '../../engine/protocol';
import { formatCount } from '../text/format';

/** Characters of a title: a browser shows no more of it, and draws it slowly. */
const LONGEST_TITLE = 2000;

/** All values of a cell as one text. */
export function textOf(values: readonly Value[]): string {
  return values.map(textOfOne).join(', ');
}

/** The same for a title, cut where nobody reads on. */
export function titleOf(values: readonly Value[]): string {
  const text = textOf(values);
  return text.length > LONGEST_TITLE ? `${text.slice(0, LONGEST_TITLE)}…` : text;
}

function textOfOne(value: Value): string {
  if (value.kind === 'key') {
    return value.key;
  }
  return value.kind === 'lozenge' && value.state === 'archived' ? `${value.text} (archived)` : value.text;
}

/** `TIMOB 1,204, ALOY 12`. */
export function projectsText(projects: NonNullable<GroupRow['projects']>): string {
  return projects.map(({ key, count }) => `${key} ${formatCount(count)}`).join(', ');
}
