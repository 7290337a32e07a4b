import Textarea from '@atlaskit/textarea';
import { Labelled } from '../parts/Labelled';
import { formatIssues } from '../text/format';
import { type Editing, withDefinition } from './editing';
import { faultsUnder } from './faults';
import type { useQueryCheck } from './use-query-check';

type Check = ReturnType<typeof useQueryCheck>;

interface QueryFormProps {
  readonly editing: Editing;
  readonly check: Check;
}

/** The JQL, with Jira's verdict beneath it. */
export function QueryForm({ editing, check }: QueryFormProps) {
  const { draft, faults, change } = editing;
  const refused = check.state === 'refused' ? check.messages : [];
  return (
    <Labelled
      label="Base query (JQL)"
      required
      faults={[...faultsUnder(faults, '/definition/jql'), ...refused]}
      hint={<Verdict check={check} />}
    >
      {({ id, describedBy, invalid }) => (
        <Textarea
          id={id}
          isMonospaced
          spellCheck={false}
          aria-describedby={describedBy}
          isInvalid={invalid}
          maxLength={10_000}
          minimumRows={4}
          value={draft.definition.jql}
          onChange={(event) => change(withDefinition(draft, { jql: event.currentTarget.value }), 'jql')}
        />
      )}
    </Labelled>
  );
}

function Verdict({ check }: { readonly check: Check }) {
  switch (check.state) {
    case 'checking':
      return <span>Jira is checking the query…</span>;
    case 'accepted':
      return (
        <span className="good">
          ✔ Jira accepts it{check.count === undefined ? '' : ` · about ${formatIssues(check.count)}`}
        </span>
      );
    case 'unknown':
      return <span>{check.reason}</span>;
    case 'refused':
      return null;
  }
}
