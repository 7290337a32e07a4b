import Button from '@atlaskit/button/default/button';
import type { Gadget } from '../../server/gadgets';
import { EmptyState } from '../parts/EmptyState';
import { PersonName } from '../people/PersonName';

interface WithoutReportProps {
  readonly gadget: Gadget;
  /** Absent where the choice is not this person's. */
  readonly onChange: (() => void) | undefined;
  readonly again: () => void;
}

/** Why the chosen report is not shown. */
export function WithoutReport({ gadget, onChange, again }: WithoutReportProps) {
  const { state, unchecked, set_by } = gadget;
  const retry = unchecked === true && <Button onClick={again}>Try again</Button>;
  const change = onChange && <Button onClick={onChange}>Choose another report</Button>;
  return (
    <EmptyState
      title={title(gadget)}
      action={
        <div className="gadget-actions">
          {retry}
          {change}
        </div>
      }
    >
      {state === 'deleted' && <>Its administrators can bring it back for 30 days. </>}
      {unchecked && <>Jira could not be asked about your groups and projects just now. </>}
      {set_by && (
        <>
          {state === 'deleted' ? 'It was chosen by ' : 'To see it, ask '}
          <PersonName accountId={set_by} />
          {state === 'hidden' && ', who chose it'}.
        </>
      )}
    </EmptyState>
  );
}

function title({ state, unchecked }: Gadget): string {
  if (state === 'deleted') {
    return 'The report of this gadget was deleted';
  }
  return unchecked
    ? 'Whether you may see this report could not be checked'
    : 'The report of this gadget is not shared with you';
}
