import type { LoadProgress } from '../../jira/loading';
import { Progress } from '../parts/Progress';
import { formatCount, formatIssues, formatSeconds } from '../text/format';

/** How far the load is, how fast it goes and how long it will take. */
export function LoadingLine({ progress }: { readonly progress: LoadProgress | undefined }) {
  const { loaded = 0, estimate, calls = 0, points = 0, rate = 0 } = progress ?? {};
  return (
    <div className="state-line state-loading">
      <div className="state-progress">
        <Progress label="Loading issues" share={estimate ? loaded / estimate : undefined} />
      </div>
      <strong>
        {formatCount(loaded)}
        {estimate === undefined ? ' issues' : ` of about ${formatCount(estimate)} issues`}
      </strong>
      {progress?.worklogsLeft ? <span>worklogs of {formatIssues(progress.worklogsLeft)} to read</span> : null}
      {rate > 0 && <span>{formatCount(Math.round(rate))} a second</span>}
      {progress?.remainingSeconds !== undefined && (
        <span>{formatSeconds(progress.remainingSeconds)} left</span>
      )}
      <span>
        {formatCount(calls)} calls, {formatCount(points)} points
      </span>
      {progress?.waiting && (
        <span>
          {progress.waiting.reason} Going on in {formatSeconds(progress.waiting.seconds)}.
        </span>
      )}
    </div>
  );
}
