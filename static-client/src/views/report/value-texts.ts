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

/** Letters that draw nothing: format and control characters, and blanks that pass for letters. */
const UNSEEN = /^[\s\p{Cf}\p{Cc}\u115f\u1160\u2800\u3164\uffa0]*$/u;

/** The text, or words for one in which there is nothing to see. */
export function legible(text: string): string {
  return UNSEEN.test(text) ? '(invisible characters)' : text;
}

/** `TIMOB 1,204, ALOY 12`. */
export function projectsText(projects: NonNullable<GroupRow['projects']>): string {
  return projects.map(({ key, count }) => `${key} ${formatCount(count)}`).join(', ');
}
