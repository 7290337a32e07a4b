import { type ReactNode, useRef, useState } from 'react';
import { Problem } from '../../server/problem';
import type { Report } from '../../server/reports';
import { Dialog } from '../parts/Dialog';
import { PersonName } from '../people/PersonName';
import { useApp } from '../shell/app';
import { type Draft, sameDraft } from './draft';
import type { Refusal } from './faults';

interface Saving {
  save(): void;
  readonly saving: boolean;
  /** Faults of the last save that the server refused. */
  readonly refusal: Refusal | undefined;
  /** What else went wrong. */
  readonly error: unknown;
  /** The question when somebody else has saved in between. */
  readonly dialog: ReactNode;
}

interface SaveOptions {
  readonly draft: Draft;
  /** The report as it was read; absent for a new one. */
  readonly base: Report | undefined;
  readonly onSaved: (report: Report) => void;
  /** The person wants the other version instead of theirs. */
  readonly onTakeTheirs: (report: Report) => void;
}

/** Saves the draft over the version it was made from, and asks when that is no longer the last one. */
export function useSave({ draft, base, onSaved, onTakeTheirs }: SaveOptions): Saving {
  const { server } = useApp();
  const [saving, setSaving] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const [error, setError] = useState<unknown>();
  const [theirs, setTheirs] = useState<Report>();
  const creation = useRef<{ readonly draft: Draft; readonly key: string }>();

  /** The same key for the same content, so that a second try after a lost answer makes no second report. */
  const creationKey = () => {
    if (!creation.current || !sameDraft(creation.current.draft, draft)) {
      creation.current = { draft, key: crypto.randomUUID() };
    }
    return creation.current.key;
  };
  const refuse = async (problem: unknown) => {
    if (problem instanceof Problem && problem.status === 412 && base) {
      setTheirs(await server.reports.read(base.id));
    } else if (problem instanceof Problem && problem.faults.length > 0) {
      setRefusal({ draft, faults: problem.faults });
    } else {
      setError(problem);
    }
  };
  const saveOver = async (version: number | undefined) => {
    setSaving(true);
    setTheirs(undefined);
    setRefusal(undefined);
    setError(undefined);
    try {
      const { reports } = server;
      onSaved(
        base && version !== undefined
          ? await reports.replace(base.id, version, draft)
          : await reports.create(draft, creationKey()),
      );
    } catch (problem) {
      await refuse(problem).catch(setError);
    } finally {
      setSaving(false);
    }
  };

  const dialog = theirs && (
    <Dialog
      title="Somebody else has saved this report"
      actions={[
        { label: 'Reload theirs', appearance: 'default', run: () => onTakeTheirs(theirs) },
        { label: 'Save mine over', appearance: 'warning', run: () => void saveOver(theirs.version) },
      ]}
      cancel="Go on editing"
      onCancel={() => setTheirs(undefined)}
    >
      <p>
        <PersonName accountId={theirs.updated_by} plain /> saved version {theirs.version} while you were
        editing version {base?.version}. Reloading theirs drops your changes; saving yours over replaces
        theirs.
      </p>
    </Dialog>
  );
  return { save: () => void saveOver(base?.version), saving, refusal, error, dialog };
}
