import Button from '@atlaskit/button/default/button';
import { type KeyboardEvent, useReducer, useState } from 'react';
import type { FieldMetadata } from '../../engine/protocol';
import type { Report } from '../../server/reports';
import { Breadcrumbs } from '../parts/Breadcrumbs';
import { Failure } from '../parts/Failure';
import { Notice } from '../parts/Notice';
import type { Navigation } from '../shell/use-route';
import { AboutForm } from './AboutForm';
import { CardColumn } from './CardColumn';
import { ColumnForm } from './ColumnForm';
import { type Draft, draftOf, itemsOf, type Selection, sameDraft } from './draft';
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
    fields,
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
  const elsewhere = faultsElsewhere(faults);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the whole editor, wherever the focus is in it
    <div className="editor-view" onKeyDown={press}>
      <Breadcrumbs
        crumbs={[
          { label: 'Apps' },
          { label: 'Sightline', go: () => navigation.go({ view: 'list' }) },
          ...(base ? [{ label: base.name, go: cancel }] : []),
        ]}
      />
      <header className="page-header">
        <h1>{base ? 'Edit report' : 'New report'}</h1>
        <div className="page-actions">
          <span className="hint">{unsaved && 'Unsaved changes · Ctrl+Z to undo'}</span>
          <Button appearance="subtle" onClick={cancel}>
            Cancel
          </Button>
          <Button
            appearance="primary"
            onClick={saving.save}
            isDisabled={saving.saving || (!unsaved && !!base)}
          >
            {saving.saving ? 'Saving…' : 'Save'}
          </Button>
        </div>
      </header>
      {saving.error !== undefined && <Failure error={saving.error} onAgain={saving.save} />}
      {faults.length > 0 && (
        <Notice tone="danger" title="The report has not been saved">
          <p>Correct what is marked, then save again.</p>
          {elsewhere.map((fault) => (
            <p key={fault}>{fault}</p>
          ))}
        </Notice>
      )}
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
