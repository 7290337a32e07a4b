import type { Definition } from '../../definition';
import type { EngineContext, View } from '../../engine/protocol';
import type { LoadResult } from '../../jira/loading';
import { StatusErrorIcon, StatusSuccessIcon } from '../parts/icons';
import { useNow } from '../parts/Moment';
import { formatAgo, formatCount, formatIssues, formatSeconds } from '../text/format';

interface CompletenessLineProps {
  readonly result: LoadResult;
  readonly view: View;
  readonly context: EngineContext;
  readonly definition: Definition;
  readonly endedAt: number;
}

/** How many issues the report holds and whether that is all; green only when it is. */
export function CompletenessLine({ result, view, context, definition, endedAt }: CompletenessLineProps) {
  const now = useNow(10);
  const Icon = result.complete ? StatusSuccessIcon : StatusErrorIcon;
  const filtered = view.issueCount < view.heldCount;
  return (
    <div className={`state-line ${result.complete ? 'state-complete' : 'state-incomplete'}`} role="status">
      <Icon label="" color="currentColor" />
      <strong>{completenessText(result)}</strong>
      {filtered && <span>{formatCount(view.issueCount)} pass the filters</span>}
      <span>
        loaded {formatAgo(new Date(endedAt).toISOString(), now)} in {formatSeconds(result.seconds)}
      </span>
      <span>
        times in {context.timeZone}, weeks start {weekStart(definition)}
      </span>
      <span>
        {formatCount(result.calls)} {result.calls === 1 ? 'call' : 'calls'}, {formatCount(result.points)}{' '}
        points
      </span>
      <span className="state-end">only issues you may see</span>
    </div>
  );
}

export function completenessText(result: LoadResult): string {
  if (result.complete) {
    return `Complete: ${formatIssues(result.loaded)}`;
  }
  const of = result.estimate === undefined ? 'an unknown number' : `about ${formatCount(result.estimate)}`;
  const missing = result.missing.join('; ');
  return `${formatCount(result.loaded)} of ${of}${missing ? `; missing: ${missing}` : ''}`;
}

const DAYS = { iso: 'Monday', monday: 'Monday', sunday: 'Sunday', saturday: 'Saturday' } as const;

function weekStart(definition: Definition): string {
  const chosen = definition.options?.weekStart ?? 'iso';
  return chosen === 'locale' ? 'as in your language' : DAYS[chosen];
}
