// The list of reports as an app on atlassian-connect-express serves it: the framework checks the token, the
// query names the tenant, and PostgreSQL is asked once, by a statement that each connection has prepared.
import ace from 'atlassian-connect-express';
import express from 'express';
import pg from 'pg';
import { LISTS } from './list.js';

const app = express();
app.set('etag', false);
app.set('query parser', 'simple');
app.disable('x-powered-by');
app.use(express.json());

const silent = { info() {}, warn() {}, error: console.error };
const addon = ace(app, {}, silent);
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, min: 8, max: 8 });
const list = LISTS[process.env.LIST];

app.get('/api/v1/reports', addon.checkValidToken(), (request, response, next) => {
  list(pool, request.context)
    .then((json) => response.type('json').set('Cache-Control', 'no-store').send(json))
    .catch(next);
});
app.get('/ready', (_request, response) => response.sendStatus(204));
app.listen(Number(process.env.PORT), '127.0.0.1');
