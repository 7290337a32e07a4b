import type { View } from '../../engine/protocol';
import type { LoadResult } from '../../jira/loading';
import { StatusErrorIcon, StatusSuccessIcon } from '../parts/icons';
import { useNow } from '../parts/Moment';
import { completenessText } from '../report/completeness';
import { formatAgo, formatCount } from '../text/format';

interface GadgetLineProps {
  readonly result: LoadResult;
  readonly view: View;
  /** Milliseconds since 1970. */
  readonly endedAt: number;
}

/** How many issues the gadget holds and whether that is all, in one line; green only when it is. */
export function GadgetLine({ result, view, endedAt }: GadgetLineProps) {
  const now = useNow(10);
  const Icon = result.complete ? StatusSuccessIcon : StatusErrorIcon;
  const filtered = view.worklogs === undefined && view.issueCount < view.heldCount;
  return (
    <div className={`state-line ${result.complete ? 'state-complete' : 'state-incomplete'}`} role="status">
      <Icon label="" color="currentColor" />
      <strong>{completenessText(result)}</strong>
      {filtered && <span>{formatCount(view.issueCount)} pass the filters</span>}
      <span className="state-end" title="Only issues that you may see">
        {formatAgo(new Date(endedAt).toISOString(), now)}
      </span>
    </div>
  );
}
