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
