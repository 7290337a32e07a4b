import { type ReactNode, useState } from 'react';
import { Problem } from '../../server/problem';
import type { ReportSummary } from '../../server/reports';
import { Dialog } from '../parts/Dialog';
import { useApp } from '../shell/app';
import type { ReportsList } from './use-reports';

interface Removal {
  ask(report: ReportSummary): void;
  readonly dialog: ReactNode;
  /** The report removed last, while its removal can be taken back here. */
  readonly removed: ReportSummary | undefined;
  undo(): void;
  forget(): void;
  readonly error: unknown;
}

/** Asks, removes, and takes a removal back; a removed report stays restorable for 30 days. */
export function useRemoval(reports: ReportsList): Removal {
  const { server } = useApp();
  const [asked, setAsked] = useState<ReportSummary>();
  const [removed, setRemoved] = useState<ReportSummary>();
  const [error, setError] = useState<unknown>();

  const carryOut = async (work: () => Promise<void>) => {
    setError(undefined);
    try {
      await work();
    } catch (problem) {
      setError(problem);
      if (problem instanceof Problem && (problem.status === 404 || problem.status === 412)) {
        reports.reload();
      }
    }
  };
  const remove = (report: ReportSummary) =>
    carryOut(async () => {
      setAsked(undefined);
      await server.reports.remove(report.id, report.version);
      reports.drop(report.id);
      setRemoved(report);
    });
  const undo = () =>
    carryOut(async () => {
      if (removed) {
        setRemoved(undefined);
        await server.reports.restore(removed.id, removed.version + 1);
        reports.reload();
      }
    });

  const dialog = asked && (
    <Dialog
      title="Delete this report?"
      actions={[{ label: 'Delete', appearance: 'danger', run: () => void remove(asked) }]}
      onCancel={() => setAsked(undefined)}
    >
      <p>
        “{asked.name}” will no longer be there for you and everybody it is shared with. No issue is changed.
      </p>
    </Dialog>
  );
  return {
    ask: setAsked,
    dialog,
    removed,
    undo: () => void undo(),
    forget: () => setRemoved(undefined),
    error,
  };
}
