import Button from '@atlaskit/button/default/button';
import type { AuditEntry } from '../../server/audit';
import { Failure } from '../parts/Failure';
import { Loading } from '../parts/Loading';
import { Moment } from '../parts/Moment';
import { PersonName } from '../people/PersonName';
import { activityText } from './activity-text';
import { useActivity } from './use-activity';

/** Who did what to the site's data: installations, sharing, exports, refusals. */
export function ActivityPanel() {
  const { items, next, state, error, more } = useActivity();
  return (
    <section className="panel" aria-label="Activity">
      <h2>Activity</h2>
      <p>Installations, changes of sharing, exports, and what people were refused.</p>
      {items.length > 0 && <ActivityTable entries={items} />}
      {state === 'ready' && items.length === 0 && <p className="hint">Nothing has happened yet.</p>}
      {state === 'failed' && <Failure error={error} onAgain={more} />}
      {state === 'loading' && items.length === 0 && <Loading label="Loading…" />}
      {next !== null && state !== 'failed' && (
        <div className="activity-more">
          <Button isLoading={state === 'loading'} onClick={more}>
            Show older
          </Button>
        </div>
      )}
    </section>
  );
}

function ActivityTable({ entries }: { readonly entries: readonly AuditEntry[] }) {
  return (
    <table className="plain-table activity-table">
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">Who</th>
          <th scope="col">What</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <tr key={entry.id}>
            <td>
              <Moment time={entry.at} />
            </td>
            <td>{entry.account_id ? <PersonName accountId={entry.account_id} /> : 'Jira'}</td>
            <td>{activityText(entry)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
