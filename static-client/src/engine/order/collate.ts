/** Order of texts in the reader's language. */

/** Names sort by their numbers, `Sprint 9` before `Sprint 10`; plain texts do not, as in Jira. */
export function collatorOf(locale: string, numeric: boolean): Intl.Collator {
  return new Intl.Collator(supported(locale), { numeric });
}

function supported(locale: string): string {
  try {
    return Intl.Collator.supportedLocalesOf(locale)[0] ?? 'en';
  } catch {
    return 'en';
  }
}

const KEY = /^(.*?)-?(\d+)$/;

/** Issue keys in natural order: by project, then by number. */
export function compareKeys(left: string, right: string): number {
  const [, leftProject = left, leftNumber = ''] = KEY.exec(left) ?? [];
  const [, rightProject = right, rightNumber = ''] = KEY.exec(right) ?? [];
  if (leftProject !== rightProject) return leftProject < rightProject ? -1 : 1;
  return Number(leftNumber) - Number(rightNumber);
}
