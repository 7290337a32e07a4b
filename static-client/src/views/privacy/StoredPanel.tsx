/** What is stored, in words; the same as in the public statement that the server serves. */
const STORED = [
  {
    kind: 'The connection with this site',
    example: 'client key, address, encrypted secret',
    kept: 'until the data is removed',
  },
  {
    kind: 'Reports and their earlier versions',
    example: 'name, description, JQL, ids of fields, values of filters',
    kept: 'until you remove them',
  },
  { kind: 'Deleted reports', example: 'the same', kept: '30 days, then gone' },
  {
    kind: 'Owners, people and groups shared with, stars',
    example: 'account ids and group ids',
    kept: 'until unused, or the account closes',
  },
  { kind: 'Tasks and audit trail', example: 'who exported, shared or removed, and when', kept: '1 year' },
] as const;

export function StoredPanel() {
  return (
    <section className="panel">
      <h2>What is stored</h2>
      <p>
        Only how your reports are set up. Issues, worklogs and profiles are read by your browser from Jira and
        never reach us.
      </p>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">Kind</th>
            <th scope="col">Example</th>
            <th scope="col">Kept</th>
          </tr>
        </thead>
        <tbody>
          {STORED.map(({ kind, example, kept }) => (
            <tr key={kind}>
              <td>{kind}</td>
              <td>{example}</td>
              <td>{kept}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="privacy-more">
        <a href="/data-storage" target="_blank" rel="noopener noreferrer">
          The full statement
        </a>
      </p>
    </section>
  );
}
