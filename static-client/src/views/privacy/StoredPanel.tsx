import { readStoredTables } from '../../server/data-storage';
import { Failure } from '../parts/Failure';
import { Loading } from '../parts/Loading';
import { useFetched } from '../shell/use-fetched';

/** Every table of the database in the server's own words. */
export function StoredPanel() {
  const [tables, again] = useFetched(readStoredTables);
  return (
    <section className="panel">
      <h2>What is stored</h2>
      <p>
        Only how your reports are set up. Issues, worklogs and profiles are read by your browser from Jira and
        never reach us.
      </p>
      {tables.state === 'loading' && <Loading label="Loading…" />}
      {tables.state === 'failed' && <Failure error={tables.error} onAgain={again} />}
      {tables.state === 'ready' && (
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">Personal data</th>
              <th scope="col">Kept</th>
            </tr>
          </thead>
          <tbody>
            {tables.value.map(({ table, what, personal, kept }) => (
              <tr key={table}>
                <td>{what}</td>
                <td>{personal}</td>
                <td>{kept}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className="privacy-more">
        <a href="/data-storage" target="_blank" rel="noopener noreferrer">
          The full statement
        </a>
      </p>
    </section>
  );
}
