// The same issues for the peers: rows of plain values, and typed columns of them.

/** One plain object an issue; empty values are null. */
export function* plainRows(pages) {
  for (const page of pages) for (const { fields } of page) yield plainRow(fields);
}

function plainRow(fields) {
  return {
    status: fields.status.name,
    priority: fields.priority?.name ?? '–',
    assignee: fields.assignee?.displayName ?? '–',
    estimate: fields.timeoriginalestimate,
    spent: fields.timespent,
    points: fields.customfield_10016,
    created: Date.parse(fields.created.replace('+0000', 'Z')),
  };
}

/** Codes of names and numbers, NaN where empty: what a column store likes best. */
export function typedColumns(rows) {
  const names = {};
  const columns = {};
  for (const key of ['status', 'priority', 'assignee']) {
    names[key] = [...new Set(rows.map((row) => row[key]))];
    const codes = new Map(names[key].map((name, code) => [name, code]));
    columns[key] = Int32Array.from(rows, (row) => codes.get(row[key]));
  }
  for (const key of ['estimate', 'spent', 'points', 'created'])
    columns[key] = Float64Array.from(rows, (row) => row[key] ?? Number.NaN);
  return { names, columns };
}
