import type { JiraHost } from '../host/host';
import { type AuditPage, readAudit } from './audit';
import { Busy } from './busy';
import { type Exports, exportsOver } from './exports';
import { type Gadgets, gadgetsOver } from './gadgets';
import { type Imports, importsOver } from './imports';
import { type Me, readMe } from './me';
import { type Purges, purgesOver } from './purges';
import { type Reports, reportsOver } from './reports';
import { type SiteSettings, settingsOver } from './settings';
import { createTransport, type TransportOptions } from './transport';

/** Our own API, called with the rights of the person in front of the screen. */
export interface Server {
  readonly reports: Reports;
  readonly exports: Exports;
  readonly imports: Imports;
  readonly purges: Purges;
  readonly gadgets: Gadgets;
  readonly settings: SiteSettings;
  /** The waits for a server that is busy. */
  readonly busy: Busy;
  me(signal?: AbortSignal): Promise<Me>;
  /** A page of the audit trail; `cursor` is the `next` of the page before, or null. */
  audit(cursor: string | null, signal?: AbortSignal): Promise<AuditPage>;
}

export function createServer(host: Pick<JiraHost, 'authorization'>, options: TransportOptions = {}): Server {
  const busy = new Busy();
  const transport = createTransport(host, { busy, ...options });
  return {
    reports: reportsOver(transport),
    exports: exportsOver(transport),
    imports: importsOver(transport),
    purges: purgesOver(transport),
    gadgets: gadgetsOver(transport),
    settings: settingsOver(transport),
    busy,
    me: (signal) => readMe(transport, signal),
    audit: (cursor, signal) => readAudit(transport, cursor, signal),
  };
}
