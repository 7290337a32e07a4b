import Textarea from '@atlaskit/textarea';
import { Choice } from '../parts/Choice';
import { Labelled } from '../parts/Labelled';
import { formatIssues } from '../text/format';
import { ROWS_OPTIONS } from './choices';
import { type Editing, withDefinition } from './editing';
import { faultsUnder } from './faults';
import type { useQueryCheck } from './use-query-check';

type Check = ReturnType<typeof useQueryCheck>;

interface QueryFormProps {
  readonly editing: Editing;
  readonly check: Check;
}

/** The JQL, with Jira's verdict beneath it, and what a row stands for. */
export function QueryForm({ editing, check }: QueryFormProps) {
  const { draft, faults, change } = editing;
  const refused = check.state === 'refused' ? check.messages : [];
  return (
    <>
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
      <RowsForm editing={editing} />
    </>
  );
}

function RowsForm({ editing }: { readonly editing: Editing }) {
  const { draft, faults, change } = editing;
  return (
    <Labelled
      label="Rows"
      faults={faultsUnder(faults, '/definition/rows')}
      hint="Worklogs are those of the issues that the query finds; filters choose among them."
    >
      {({ id, describedBy, invalid }) => (
        <Choice
          id={id}
          describedBy={describedBy}
          invalid={invalid}
          value={draft.definition.rows ?? 'issue'}
          options={ROWS_OPTIONS}
          onChange={(rows) => change(withDefinition(draft, { rows }))}
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
