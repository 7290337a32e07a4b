import Button from '@atlaskit/button/default/button';
import type { ExpansionDepth } from '../../engine/protocol';
import type { Report } from '../../server/reports';
import { useApp } from '../shell/app';
import type { Navigation } from '../shell/use-route';
import type { RunInView } from './use-run';

interface ReportToolsProps {
  readonly report: Report;
  readonly running: RunInView;
  readonly navigation: Navigation;
  readonly onExpand: (depth: ExpansionDepth) => void;
}

export function ReportTools({ report, running, navigation, onExpand }: ReportToolsProps) {
  const { user } = useApp();
  const { run, state, restart } = running;
  const loading = state.phase === 'preparing' || state.phase === 'loading';
  const levels = state.view?.groupLabels ?? [];
  return (
    <div className="report-tools" role="toolbar" aria-label="Report">
      {report.administrators.includes(user.accountId) && (
        <Button appearance="primary" onClick={() => navigation.go({ view: 'edit', id: report.id })}>
          Edit report
        </Button>
      )}
      {loading ? (
        <Button onClick={() => run?.stop()} isDisabled={state.phase === 'preparing'}>
          Cancel
        </Button>
      ) : (
        <Button onClick={restart}>Refresh</Button>
      )}
      {levels.length > 0 && (
        <Levels
          levels={levels}
          rows={state.view?.worklogs === undefined ? 'Issues' : 'Worklogs'}
          onExpand={onExpand}
        />
      )}
    </div>
  );
}

interface LevelsProps {
  readonly levels: readonly string[];
  /** What the innermost rows are called. */
  readonly rows: string;
  readonly onExpand: (depth: ExpansionDepth) => void;
}

/** Opens the whole tree down to a level; the last button shows the rows too. */
function Levels({ levels, rows, onExpand }: LevelsProps) {
  return (
    <fieldset className="levels">
      <legend>Expand to</legend>
      {levels.map((label, depth) => (
        <button key={label} type="button" className="level" onClick={() => onExpand(depth)}>
          {label}
        </button>
      ))}
      <button type="button" className="level" onClick={() => onExpand('all')}>
        {rows}
      </button>
    </fieldset>
  );
}
