import Button from '@atlaskit/button/default/button';
import { useState } from 'react';
import type { Gadget, GadgetPlace } from '../../server/gadgets';
import { Problem } from '../../server/problem';
import type { ReportSummary } from '../../server/reports';
import { Failure } from '../parts/Failure';
import { Notice } from '../parts/Notice';
import { useApp } from '../shell/app';
import { ReportPicker } from './ReportPicker';

interface ChooseReportProps {
  readonly place: GadgetPlace;
  readonly gadget: Gadget;
  readonly onChosen: (gadget: Gadget) => void;
  /** Absent where there is nothing to go back to. */
  readonly onCancel: (() => void) | undefined;
  /** Somebody else was faster. */
  readonly onStale: () => void;
}

/** Asks which report the gadget shall show, and keeps the answer. */
export function ChooseReport({ place, gadget, onChosen, onCancel, onStale }: ChooseReportProps) {
  const { server } = useApp();
  const [saving, setSaving] = useState(false);
  const [error, setError] = useState<unknown>();
  const choose = async ({ id }: ReportSummary) => {
    setSaving(true);
    setError(undefined);
    try {
      onChosen(await server.gadgets.choose(place, gadget.version, id));
    } catch (refusal) {
      setError(refusal);
      setSaving(false);
    }
  };
  return (
    <section className="gadget-choice" aria-label="Choose a report">
      <header className="gadget-head">
        <h2>Choose a report</h2>
        {onCancel && (
          <Button appearance="subtle" onClick={onCancel}>
            Cancel
          </Button>
        )}
      </header>
      <p className="hint">
        Everybody who opens the dashboard sees it with their own rights, if it is shared with them.
      </p>
      {isStale(error) ? (
        <Notice tone="warning" title="Somebody else has just chosen a report here">
          <Button onClick={onStale}>Show it</Button>
        </Notice>
      ) : (
        error !== undefined && <Failure error={error} />
      )}
      <ReportPicker busy={saving} onPick={(report) => void choose(report)} onClose={onCancel} />
    </section>
  );
}

function isStale(error: unknown): boolean {
  return error instanceof Problem && error.status === 412;
}
