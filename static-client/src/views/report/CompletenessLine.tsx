import type { Definition } from '../../definition';
import type { EngineContext, View } from '../../engine/protocol';
import type { LoadResult } from '../../jira/loading';
import { StatusErrorIcon, StatusSuccessIcon } from '../parts/icons';
import { useNow } from '../parts/Moment';
import { formatAgo, formatCount, formatHeld, formatSeconds } from '../text/format';
import { completenessText } from './completeness';

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
  const filtered = view.worklogs === undefined && view.issueCount < view.heldCount;
  return (
    <div className={`state-line ${result.complete ? 'state-complete' : 'state-incomplete'}`} role="status">
      <Icon label="" color="currentColor" />
      <strong>{completenessText(result)}</strong>
      {view.worklogs !== undefined && <span>rows are {formatHeld(view.issueCount, view.worklogs)}</span>}
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

const DAYS = { iso: 'Monday', monday: 'Monday', sunday: 'Sunday', saturday: 'Saturday' } as const;

function weekStart(definition: Definition): string {
  const chosen = definition.options?.weekStart ?? 'iso';
  return chosen === 'locale' ? 'as in your language' : DAYS[chosen];
}
