import Textarea from '@atlaskit/textarea';
import Textfield from '@atlaskit/textfield';
import type { Visibility } from '../../server/reports';
import { Choice } from '../parts/Choice';
import { Labelled } from '../parts/Labelled';
import type { Editing } from './editing';
import { faultsUnder } from './faults';

interface AboutFormProps {
  readonly editing: Editing;
  /** The report is shared with named people, groups or projects, so it can be limited to them. */
  readonly sharedWithSome: boolean;
}

export function AboutForm({ editing, sharedWithSome }: AboutFormProps) {
  const { draft, faults, change } = editing;
  return (
    <>
      <Labelled label="Name" required faults={faultsUnder(faults, '/name')}>
        {({ id, describedBy, invalid }) => (
          <Textfield
            id={id}
            aria-describedby={describedBy}
            isInvalid={invalid}
            maxLength={255}
            value={draft.name}
            onChange={(event) => change({ ...draft, name: event.currentTarget.value }, 'name')}
          />
        )}
      </Labelled>
      <Labelled label="Description" faults={faultsUnder(faults, '/description')}>
        {({ id, describedBy, invalid }) => (
          <Textarea
            id={id}
            aria-describedby={describedBy}
            isInvalid={invalid}
            maxLength={4000}
            minimumRows={3}
            value={draft.description}
            onChange={(event) => change({ ...draft, description: event.currentTarget.value }, 'description')}
          />
        )}
      </Labelled>
      <Labelled
        label="Who may see it"
        hint="Whoever opens the report sees only issues that they may see in Jira."
        faults={faultsUnder(faults, '/visibility')}
      >
        {({ id, describedBy, invalid }) => (
          <Choice<Visibility>
            id={id}
            describedBy={describedBy}
            invalid={invalid}
            value={draft.visibility}
            options={visibilities(sharedWithSome || draft.visibility === 'limited')}
            onChange={(visibility) => change({ ...draft, visibility })}
          />
        )}
      </Labelled>
    </>
  );
}

function visibilities(limitedToo: boolean) {
  return [
    { value: 'private' as const, label: 'Private: its administrators' },
    ...(limitedToo ? [{ value: 'limited' as const, label: 'Limited: whom it is shared with' }] : []),
    { value: 'public' as const, label: 'Public: everybody who uses this Jira site' },
  ];
}
