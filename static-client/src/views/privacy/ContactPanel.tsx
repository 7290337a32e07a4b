import Button from '@atlaskit/button/default/button';
import Textarea from '@atlaskit/textarea';
import type { FormEvent } from 'react';
import type { Settings } from '../../server/settings';
import { Failure } from '../parts/Failure';
import { Labelled } from '../parts/Labelled';
import { Loading } from '../parts/Loading';
import { Moment } from '../parts/Moment';
import { Notice } from '../parts/Notice';
import { PersonName } from '../people/PersonName';
import { useContact } from './use-contact';
import { useSettings } from './use-settings';

/** Whom Sightline writes to when something concerns the site's data. */
export function ContactPanel() {
  const [settings, again] = useSettings();
  return (
    <section className="panel" aria-label="Contact">
      <h2>Contact</h2>
      <p>Whom the operator of this service writes to when something concerns the data of your site.</p>
      {settings.state === 'loading' && <Loading label="Loading…" />}
      {settings.state === 'failed' && <Failure error={settings.error} onAgain={again} />}
      {settings.state === 'ready' && (
        <ContactForm key={settings.value.version} settings={settings.value} again={again} />
      )}
    </section>
  );
}

interface ContactFormProps {
  readonly settings: Settings;
  /** Fetches what is set now. */
  readonly again: () => void;
}

function ContactForm({ settings, again }: ContactFormProps) {
  const contact = useContact(settings);
  const { state, saved } = contact;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void contact.save();
  };
  return (
    <form className="contact-form" onSubmit={submit} noValidate>
      <Labelled label="E-mail addresses" hint="One a line, five at most." faults={contact.faults}>
        {({ id, describedBy, invalid }) => (
          <Textarea
            id={id}
            aria-describedby={describedBy}
            aria-invalid={invalid}
            isInvalid={invalid}
            minimumRows={2}
            maxLength={2000}
            placeholder="privacy@example.com"
            spellCheck={false}
            value={contact.text}
            onChange={(event) => contact.change(event.currentTarget.value)}
          />
        )}
      </Labelled>
      {state === 'stale' && (
        <Notice tone="warning" title="Somebody else has changed the addresses meanwhile">
          <Button onClick={again}>Show theirs</Button>
        </Notice>
      )}
      {state === 'failed' && <Failure error={contact.error} />}
      <div className="contact-actions">
        <Button
          type="submit"
          appearance="primary"
          isDisabled={!contact.changed}
          isLoading={state === 'saving'}
        >
          Save
        </Button>
        <span className="hint" role="status">
          {state === 'saved' && <span className="good">Saved. </span>}
          {state !== 'saving' && <LastChange settings={saved} />}
        </span>
      </div>
    </form>
  );
}

function LastChange({ settings: { updated_by, updated_at } }: { readonly settings: Settings }) {
  if (!updated_by || !updated_at) {
    return <>Nobody has given an address yet.</>;
  }
  return (
    <>
      Last changed <Moment time={updated_at} /> by <PersonName accountId={updated_by} />
    </>
  );
}
