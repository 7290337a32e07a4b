// Three good ways to make a page of reports with PostgreSQL and Node. The benchmark tries all of them and takes
// the fastest. Each is one statement, prepared once a connection, with the tenant in its conditions.

const SORT = '-updated';
const LIMIT = 20;

const TIME = (column) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const VISIBLE = `(r.visibility = 'public' or r.administrators @> array[$2::text]
    or (r.visibility = 'limited' and r.shared_accounts @> array[$2::text]))`;

const COLUMNS = `r.id, r.name, r.description, r.administrators, r.visibility,
    json_build_object('accounts', r.shared_accounts, 'groups', r.shared_groups, 'projects', r.shared_projects)
        as shared_with,
    exists (select from stars s where s.tenant_id = $1 and s.report_id = r.id and s.account_id = $2) as starred,
    r.version, ${TIME('r.created_at')} as created_at, r.created_by,
    ${TIME('r.updated_at')} as updated_at, r.updated_by`;

const UNCHECKED = `exists (
    select from reports r
    where r.tenant_id = $1 and r.deleted_at is null and r.visibility = 'limited'
      and (r.shared_groups <> '[]' or r.shared_projects <> '{}') and not ${VISIBLE}) as unchecked`;

const PAGE = (columns) => `
    select ${columns} from reports r
    where r.tenant_id = $1 and r.deleted_at is null and ${VISIBLE}
    order by r.updated_at desc, r.id desc limit ${LIMIT + 1}`;

const QUERIES = {
  // PostgreSQL writes the items as one text.
  whole: `
    select string_agg(item::text, ',') filter (where place <= ${LIMIT}) as items, count(*)::int as found,
           max(value) filter (where place = ${LIMIT}) as last, max(id::text) filter (where place = ${LIMIT}) as last_id,
           ${UNCHECKED}
    from (select row_to_json(report) as item, report.updated_at as value, report.id, row_number() over () as place
          from (${PAGE(COLUMNS)}) report) page`,
  // PostgreSQL writes each item, Node joins them.
  items: `
    select row_to_json(report)::text as item, report.updated_at as value, report.id, ${UNCHECKED}
    from (${PAGE(COLUMNS)}) report`,
  // PostgreSQL gives columns, Node writes the JSON.
  columns: `select report.*, ${UNCHECKED} from (${PAGE(COLUMNS)}) report`,
};

/** Each takes a pool and the framework's context of a request, and gives the answer as JSON text. */
export const LISTS = {
  async whole(pool, context) {
    const [page] = await rowsOf('whole', pool, context);
    return answer(page.items ?? '', page.found > LIMIT && cursor(page.last, page.last_id), page.unchecked);
  },
  async items(pool, context) {
    const rows = await rowsOf('items', pool, context);
    const items = rows.slice(0, LIMIT).map((row) => row.item);
    return answer(items.join(','), cursorAfter(rows, 'value'), rows[0]?.unchecked);
  },
  async columns(pool, context) {
    const rows = await rowsOf('columns', pool, context);
    const items = rows.slice(0, LIMIT).map(({ unchecked, ...item }) => JSON.stringify(item));
    return answer(items.join(','), cursorAfter(rows, 'updated_at'), rows[0]?.unchecked);
  },
};

async function rowsOf(name, pool, context) {
  // The sites of this benchmark have their tenant's id as client key, which saves the peer a look-up.
  const values = [context.clientKey, context.userAccountId];
  const { rows } = await pool.query({ name, text: QUERIES[name], values });
  return rows;
}

function cursorAfter(rows, value) {
  const last = rows[LIMIT - 1];
  return rows.length > LIMIT && cursor(last[value], last.id);
}

function cursor(value, id) {
  return Buffer.from(JSON.stringify([SORT, value, id])).toString('base64url');
}

function answer(items, next, unchecked) {
  return `{"items":[${items}],"next":${next ? `"${next}"` : 'null'}${unchecked ? ',"unchecked":true' : ''}}`;
}
