import { type KeyboardEvent, useReducer, useState } from 'react';
import type { FieldMetadata } from '../../engine/protocol';
import type { Report } from '../../server/reports';
import { Failure } from '../parts/Failure';
import { Notice } from '../parts/Notice';
import type { Navigation } from '../shell/use-route';
import { AboutForm } from './AboutForm';
import { CardColumn } from './CardColumn';
import { ColumnForm } from './ColumnForm';
import { fieldsOf } from './choices';
import { type Draft, draftOf, itemsOf, type Selection, sameDraft } from './draft';
import { EditorHeader } from './EditorHeader';
import { editHistory, startHistory } from './edit-history';
import type { Editing } from './editing';
import { faultsElsewhere, standing } from './faults';
import { GroupForm } from './GroupForm';
import { QueryForm } from './QueryForm';
import { SortForm } from './SortForm';
import { useLeaveGuard } from './use-leave-guard';
import { useQueryCheck } from './use-query-check';
import { useSave } from './use-save';

interface EditorProps {
  readonly base: Report | undefined;
  readonly start: Draft;
  readonly fields: ReadonlyMap<string, FieldMetadata>;
  readonly navigation: Navigation;
}

export function Editor({ base: opened, start, fields, navigation }: EditorProps) {
  const [history, edit] = useReducer(editHistory, start, startHistory);
  const [base, setBase] = useState(opened);
  const [selection, select] = useState<Selection>({ part: 'about' });
  const draft = history.present;
  const unsaved = !sameDraft(draft, base ? draftOf(base) : start);
  const leaveDialog = useLeaveGuard(navigation.guard, unsaved);
  const check = useQueryCheck(draft.definition.jql);
  const saving = useSave({
    draft,
    base,
    onSaved: (report) => {
      navigation.guard.current = null;
      navigation.go({ view: 'report', id: report.id });
    },
    onTakeTheirs: (report) => {
      setBase(report);
      edit({ do: 'start', draft: draftOf(report) });
    },
  });
  const faults = standing(saving.refusal, draft);
  const editing: Editing = {
    draft,
    fields: fieldsOf(fields, draft.definition),
    faults,
    selection,
    select,
    change: (next, place) => edit({ do: 'change', draft: next, ...(place ? { place } : {}) }),
  };
  const cancel = () => navigation.go(base ? { view: 'report', id: base.id } : { view: 'list' });
  const press = (event: KeyboardEvent) => {
    const letter = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && (letter === 'z' || letter === 'y')) {
      event.preventDefault();
      edit({ do: letter === 'y' || event.shiftKey ? 'redo' : 'undo' });
    }
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the whole editor, wherever the focus is in it
    <div className="editor-view" onKeyDown={press}>
      <EditorHeader
        base={base}
        unsaved={unsaved}
        saving={saving.saving}
        onSave={saving.save}
        onCancel={cancel}
        onHome={() => navigation.go({ view: 'list' })}
      />
      {saving.error !== undefined && <Failure error={saving.error} onAgain={saving.save} />}
      {faults.length > 0 && <Refused elsewhere={faultsElsewhere(faults)} />}
      <div className="editor-columns">
        <CardColumn editing={editing} check={check} />
        <section className="editor-form" aria-label="Settings">
          <SelectedForm editing={editing} check={check} base={base} />
        </section>
      </div>
      {saving.dialog}
      {leaveDialog}
    </div>
  );
}

function Refused({ elsewhere }: { readonly elsewhere: readonly string[] }) {
  return (
    <Notice tone="danger" title="The report has not been saved">
      <p>Correct what is marked, then save again.</p>
      {elsewhere.map((fault) => (
        <p key={fault}>{fault}</p>
      ))}
    </Notice>
  );
}

interface SelectedFormProps {
  readonly editing: Editing;
  readonly check: ReturnType<typeof useQueryCheck>;
  readonly base: Report | undefined;
}

/** The form of the selected card; of the report itself when undo has taken the card away. */
function SelectedForm({ editing, check, base }: SelectedFormProps) {
  const { draft, selection } = editing;
  if (selection.part === 'query') {
    return <QueryForm editing={editing} check={check} />;
  }
  if (selection.part !== 'about') {
    const { index } = selection;
    const column = selection.part === 'columns' && itemsOf(draft, 'columns')[index];
    const group = selection.part === 'groups' && itemsOf(draft, 'groups')[index];
    const rule = selection.part === 'sort' && itemsOf(draft, 'sort')[index];
    if (column) {
      return <ColumnForm editing={editing} index={index} column={column} />;
    }
    if (group) {
      return <GroupForm editing={editing} index={index} group={group} />;
    }
    if (rule) {
      return <SortForm editing={editing} index={index} rule={rule} />;
    }
  }
  const shared = Object.values(base?.shared_with ?? {}).some(
    (list) => Array.isArray(list) && list.length > 0,
  );
  return <AboutForm editing={editing} sharedWithSome={shared} />;
}
