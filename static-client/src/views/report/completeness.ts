import type { LoadResult } from '../../jira/loading';
import { formatCount, formatIssues } from '../text/format';

/** `Complete: 4,812 issues`, or how many of how many there are and what is missing. */
export function completenessText(result: LoadResult): string {
  if (result.complete) {
    return `Complete: ${formatIssues(result.loaded)}`;
  }
  const of = result.estimate === undefined ? 'an unknown number' : `about ${formatCount(result.estimate)}`;
  const missing = result.missing.join('; ');
  return `${formatCount(result.loaded)} of ${of}${missing ? `; missing: ${missing}` : ''}`;
}
