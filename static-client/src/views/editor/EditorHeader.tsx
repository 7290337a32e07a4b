import Button from '@atlaskit/button/default/button';
import type { Report } from '../../server/reports';
import { Breadcrumbs } from '../parts/Breadcrumbs';

interface EditorHeaderProps {
  /** The report as it was saved last; absent for a new one. */
  readonly base: Report | undefined;
  readonly unsaved: boolean;
  readonly saving: boolean;
  readonly onSave: () => void;
  readonly onCancel: () => void;
  readonly onHome: () => void;
}

export function EditorHeader({ base, unsaved, saving, onSave, onCancel, onHome }: EditorHeaderProps) {
  return (
    <>
      <Breadcrumbs
        crumbs={[
          { label: 'Apps' },
          { label: 'Sightline', go: onHome },
          ...(base ? [{ label: base.name, go: onCancel }] : []),
        ]}
      />
      <header className="page-header">
        <h1>{base ? 'Edit report' : 'New report'}</h1>
        <div className="page-actions">
          <span className="hint">{unsaved && 'Unsaved changes · Ctrl+Z to undo'}</span>
          <Button appearance="subtle" onClick={onCancel}>
            Cancel
          </Button>
          <Button
            appearance="primary"
            onClick={onSave}
            isDisabled={saving || (!unsaved && base !== undefined)}
          >
            {saving ? 'Saving…' : 'Save'}
          </Button>
        </div>
      </header>
    </>
  );
}
