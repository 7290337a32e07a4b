import Button from '@atlaskit/button/default/button';
import Textfield from '@atlaskit/textfield';
import { type FormEvent, useState } from 'react';
import { Labelled } from '../parts/Labelled';
import { useApp } from '../shell/app';
import { EXPORT_PANEL } from './ExportPanel';
import { GOES, STAYS } from './purge-text';
import type { PurgesInView } from './use-purge';

/** Says what a purge does and asks for the site's name. */
export function PurgeForm({ purges }: { readonly purges: PurgesInView }) {
  return (
    <>
      <div className="goes-and-stays">
        <Listed title="What goes" entries={GOES} />
        <Listed title="What stays" entries={STAYS} />
      </div>
      <p className="purge-before">
        <button type="button" className="link-button" onClick={goToExport}>
          Export everything first
        </button>
        : what is removed comes back only from an export. Nothing happens at once. The removal waits, a week
        where the operator of this service set no other time, while every Jira admin sees it and can stop it.
      </p>
      <Confirm purges={purges} />
    </>
  );
}

/** An address with a fragment would become a step of the history of Jira's page. */
function goToExport() {
  const panel = document.getElementById(EXPORT_PANEL);
  panel?.scrollIntoView({ block: 'start' });
  panel?.focus({ preventScroll: true });
}

function Listed({ title, entries }: { readonly title: string; readonly entries: readonly string[] }) {
  return (
    <div>
      <h3>{title}</h3>
      <ul>
        {entries.map((entry) => (
          <li key={entry}>{entry}</li>
        ))}
      </ul>
    </div>
  );
}

function Confirm({ purges: { faults, busy, request } }: { readonly purges: PurgesInView }) {
  const { siteUrl } = useApp().host;
  const [name, setName] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim()) {
      request(name.trim());
    }
  };
  return (
    <form className="purge-form" onSubmit={submit} noValidate>
      <Labelled label={`Type ${new URL(siteUrl).host} to confirm`} faults={faults}>
        {({ id, describedBy, invalid }) => (
          <Textfield
            id={id}
            aria-describedby={describedBy}
            aria-invalid={invalid}
            isInvalid={invalid}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            maxLength={255}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        )}
      </Labelled>
      <Button type="submit" appearance="danger" isDisabled={!name.trim()} isLoading={busy}>
        Remove all data
      </Button>
    </form>
  );
}
