// Generated from docs/openapi.json by `npm run generate`; do not edit.
import type {Definition} from '../definition';

export type ReportName = string;
export type ReportDescription = string;
export type AccountId = string;
/**
 * accounts that may change the report, its creator first
 *
 * @minItems 1
 * @maxItems 100
 */
export type Administrators = AccountId[];
/**
 * whom the report is open to: its administrators, also those it is shared with, or everyone at the site
 */
export type Visibility = 'private' | 'limited' | 'public';
/**
 * e-mail addresses that hear of what concerns the site's data; none: nobody does
 *
 * @maxItems 5
 */
export type ContactAddresses = string[];
/**
 * a time of RFC 3339 in UTC
 */
export type Moment = string;
/**
 * the cursor of the next page; null after the last
 */
export type Next = string | null;
/**
 * a UUID of version 7
 */
export type Id = string;
/**
 * counts the changes; what If-Match names
 */
export type Version = number;
/**
 * counts the changes; 0 while there was none
 */
export type VersionFromZero = number;
export type TaskState = 'waiting' | 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
/**
 * Jira's id of a dashboard or of its item
 */
export type GadgetPart = string;
/**
 * the part's place in the file
 */
export type PartNumber = number;
/**
 * bytes of the file
 */
export type PartOfFile = string;
export type Count = number;
export type Notice = SiteMoved | PurgeToCome | PurgeDone;
/**
 * who wanted it: an admin on the page, the operator on a written request, or the operator's setting for sites that uninstalled the add-on
 */
export type PurgeAskedBy = 'site admin' | 'operator' | 'retention';

export interface NewReport {
  name: ReportName;
  description?: ReportDescription;
  definition: Definition;
  administrators?: Administrators;
  visibility?: Visibility;
  shared_with?: Sharing;
}
/**
 * counts while the visibility is limited; rights go by id, the names are for display
 */
export interface Sharing {
  /**
   * @maxItems 1000
   */
  accounts?: AccountId[];
  /**
   * @maxItems 100
   */
  groups?: SharedGroup[];
  /**
   * @maxItems 1000
   */
  projects?: string[];
}
export interface SharedGroup {
  id: string;
  name: string;
}
export interface ReportChanges {
  name?: ReportName;
  description?: ReportDescription;
  definition?: Definition;
  administrators?: Administrators;
  visibility?: Visibility;
  shared_with?: Sharing;
}
export interface SettingsChange {
  /**
   * e-mail addresses that hear of what concerns the site's data; none: nobody does
   *
   * @maxItems 5
   */
  contact_addresses: string[];
}
export interface AuditEntry {
  id: string;
  at: Moment;
  /**
   * what happened; new releases have new events
   */
  event: string;
  /**
   * who did it; null for Jira itself
   */
  account_id: AccountId | null;
  host: 'connect' | 'forge' | null;
  /**
   * the report or task that it is about
   */
  subject: string | null;
  /**
   * ids, counts and addresses; never content
   */
  details: {
    [k: string]: unknown;
  };
}
export interface AuditPage {
  /**
   * @maxItems 100
   */
  items: AuditEntry[];
  next: Next;
}
export interface Nothing {}
/**
 * why a request was refused (RFC 9457)
 */
export interface Problem {
  type: 'about:blank';
  title: string;
  status: number;
  /**
   * a sentence for people
   */
  detail?: string;
  /**
   * as in X-Request-Id and in the log
   */
  request_id: string;
  /**
   * @minItems 1
   * @maxItems 200
   */
  errors?: Fault[];
  /**
   * Jira could not be asked for a right that may well be there
   */
  unchecked?: true;
  version?: VersionFromZero;
  report?: Report;
  missing?: ('database' | 'migrations' | 'redis')[];
}
/**
 * one thing that is wrong with what was sent
 */
export interface Fault {
  /**
   * where: a JSON Pointer (RFC 6901) into the body, or / and a query parameter's name
   */
  pointer: string;
  detail: string;
}
export interface Report {
  id: Id;
  name: ReportName;
  description: ReportDescription;
  definition: Definition;
  administrators: Administrators;
  visibility: Visibility;
  shared_with: StoredSharing;
  /**
   * has the caller's own star
   */
  starred: boolean;
  version: Version;
  created_at: Moment;
  created_by: AccountId;
  updated_at: Moment;
  updated_by: AccountId;
}
/**
 * whom a report is shared with while its visibility is limited
 */
export interface StoredSharing {
  accounts: AccountId[];
  groups: SharedGroup[];
  projects: string[];
}
/**
 * an export of the site's data, as a task
 */
export interface Export {
  id: Id;
  kind: 'export';
  state: TaskState;
  /**
   * records that are written
   */
  done: number;
  /**
   * records there are; null until it is known
   */
  total: number | null;
  due_at: Moment;
  error: string | null;
  created_at: Moment;
  created_by: AccountId | null;
  finished_at: Moment | null;
  expires_at: Moment | null;
  /**
   * the file's length
   */
  bytes: number | null;
  /**
   * the file's digest, in hex
   */
  sha256: string | null;
  /**
   * records in the file, by section
   */
  counts: {
    [k: string]: number;
  } | null;
}
export interface ExportPage {
  items: Export[];
  next: null;
}
export interface GadgetChoice {
  /**
   * the id of a report that the caller sees
   */
  report: string;
}
/**
 * what a gadget shows, to the caller
 */
export interface Gadget {
  /**
   * empty: nobody has chosen a report; hidden: one is chosen that the caller may not see; deleted: the caller would see it, had it not been deleted
   */
  state: 'empty' | 'shown' | 'hidden' | 'deleted';
  /**
   * the report's id where it is shown
   */
  report: Id | null;
  version: VersionFromZero;
  /**
   * who chose
   */
  set_by: AccountId | null;
  set_at: Moment | null;
  /**
   * the caller may change the choice; whoever administers the site may in any case
   */
  editable: boolean;
  /**
   * Jira could not be asked about the caller's groups and projects: the report may well be theirs to see
   */
  unchecked?: true;
}
/**
 * an import into the site, as a task
 */
export interface Import {
  id: Id;
  kind: 'import';
  /**
   * waiting: for parts, a check or its application; failed: the last step could not be done and may be asked for again
   */
  state: 'waiting' | 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  /**
   * what was asked for last
   */
  step: 'parts' | 'check' | 'apply';
  /**
   * how much of the step is done
   */
  done: number;
  /**
   * how much there is to do; null until it is known
   */
  total: number | null;
  /**
   * when the step was or is due
   */
  due_at: Moment | null;
  /**
   * why the step failed
   */
  error: string | null;
  /**
   * the parts that are there; none once the import has ended
   *
   * @maxItems 256
   */
  parts: PartNumber[];
  /**
   * length of these parts together
   */
  bytes: number;
  created_at: Moment;
  created_by: AccountId;
  finished_at: Moment | null;
  /**
   * when it is cancelled unless somebody goes on with it; null once it has ended
   */
  expires_at: Moment | null;
  /**
   * it may be applied now
   */
  applicable: boolean;
  /**
   * what the check found; null until it has ended
   */
  check: ImportCheck | null;
  /**
   * what was made; null until it is done
   */
  applied: ImportCounts | null;
}
/**
 * what the check of an import found; where there are problems nothing else of it is complete
 */
export interface ImportCheck {
  /**
   * what is wrong, with JSON Pointers into the document; the import can be applied where there is nothing
   *
   * @maxItems 100
   */
  problems: Fault[];
  /**
   * the site whose export it says to be
   */
  site: string | null;
  exported_at: Moment | null;
  adds: ImportCounts;
  /**
   * what of the file would be left out
   */
  leaves_out: {
    stars: Count;
    gadgets: Count;
    settings: Count;
    projects: Count;
  };
  /**
   * fields that reports name and this site lacks
   */
  fields: {
    /**
     * @maxItems 1000
     */
    missing: ImportField[];
    /**
     * Jira could not be asked
     */
    unchecked: boolean;
  };
  /**
   * accounts that reports, sharing and stars name and this site does not know
   */
  accounts: {
    /**
     * the first thousand of them
     *
     * @maxItems 1000
     */
    unknown: AccountId[];
    unknown_number: Count;
    replaced_administrators: Count;
    unchecked: Count;
  };
}
/**
 * how many of each thing an import brings
 */
export interface ImportCounts {
  reports: Count;
  deleted_reports: Count;
  versions: Count;
  stars: Count;
  gadgets: Count;
  settings: Count;
}
export interface ImportField {
  id: string;
  /**
   * how many reports name it
   */
  reports: number;
}
export interface ImportPage {
  items: Import[];
  next: null;
}
export interface Me {
  account_id: AccountId;
  host: 'connect' | 'forge';
  /**
   * administers the site
   */
  admin: boolean;
  /**
   * for the site's administrators; empty for others
   */
  notices: Notice[];
  /**
   * Jira could not be asked whether the caller administers the site
   */
  unchecked?: true;
}
/**
 * the add-on was installed with the site's client key from another base URL, as a cloned site does
 */
export interface SiteMoved {
  kind: 'site moved';
  at: Moment;
  from: string;
  to: string;
}
/**
 * all that is stored of the site will be removed for good; while that is planned an admin can abort it
 */
export interface PurgeToCome {
  kind: 'purge planned' | 'purge under way';
  at: Moment;
  id: Id;
  due_at: Moment;
  /**
   * null where it was nobody of the site
   */
  requested_by: AccountId | null;
}
/**
 * all that was stored of the site was removed for good; there is a receipt
 */
export interface PurgeDone {
  kind: 'purge done';
  at: Moment;
  id: Id;
  /**
   * the day on which the last backup is removed that was taken before
   */
  backups_until: string;
}
export interface Status {
  status: 'alive' | 'ready';
}
/**
 * as Atlassian's documentation of Connect describes it
 */
export interface Descriptor {}
export interface StoredData {
  items: {
    table: string;
    what: string;
    /**
     * which of it is personal data
     */
    personal: string;
    /**
     * how long
     */
    kept: string;
  }[];
}
/**
 * an OpenAPI 3.1 document
 */
export interface OpenApi {}
/**
 * what Jira sends; it has more members, which are not looked at
 */
export interface Callback {
  key?: string;
  clientKey: string;
  baseUrl: string;
  eventType?: string;
}
export interface InstalledCallback {
  key?: string;
  clientKey: string;
  baseUrl: string;
  eventType?: string;
  sharedSecret: string;
}
export interface PurgeRequest {
  /**
   * the host, and the port where there is one, of the site's base URL
   */
  confirm: string;
}
/**
 * a purge of all that is stored of the site, as a task, or what its receipt tells of it
 */
export interface Purge {
  id: Id;
  kind: 'purge';
  state: TaskState;
  /**
   * rows and files that went; 0 until the purge is done
   */
  done: number;
  /**
   * the same; null until the purge is done
   */
  total: number | null;
  due_at: Moment;
  error: string | null;
  created_at: Moment;
  /**
   * null where it was no admin, and once the purge is done
   */
  created_by: AccountId | null;
  asked_by: PurgeAskedBy;
  finished_at: Moment | null;
  /**
   * whether there is a receipt to fetch
   */
  receipt: boolean;
}
export interface PurgePage {
  items: Purge[];
  next: null;
}
/**
 * what is left of a purge; it names nobody
 */
export interface PurgeReceipt {
  id: Id;
  /**
   * SHA-256 in hex of the salt's bytes and the id, as text, that the site had with us until then
   */
  tenant_hash: string;
  /**
   * in hex
   */
  salt: string;
  asked_by: PurgeAskedBy;
  /**
   * what the operator noted of a written request
   */
  reason: string | null;
  asked_at: Moment;
  begun_at: Moment;
  ended_at: Moment;
  /**
   * rows that went, by table
   */
  counts: {
    [k: string]: number;
  };
  /**
   * files that went: exports, parts of imports
   */
  files: number;
  /**
   * the day on which the last backup is removed that was taken before
   */
  backups_until: string;
}
/**
 * how a copy differs from its original
 */
export interface ReportCopy {
  name?: ReportName;
}
export interface ReportVersionList {
  /**
   * the newest first
   *
   * @minItems 1
   * @maxItems 20
   */
  items: ListedVersion[];
}
/**
 * who changed a report's content, and when
 */
export interface ListedVersion {
  version: Version;
  at: Moment;
  by: AccountId;
  /**
   * as an import said, not as we saw it
   */
  imported: boolean;
  name: ReportName;
}
export interface ReportVersion {
  version: Version;
  at: Moment;
  by: AccountId;
  /**
   * as an import said, not as we saw it
   */
  imported: boolean;
  name: ReportName;
  description: ReportDescription;
  definition: Definition;
}
/**
 * a report that an account administers, as far as the site's admins are told
 */
export interface AdministeredReport {
  id: Id;
  administrators: Administrators;
  visibility: Visibility;
  created_at: Moment;
  updated_at: Moment;
  /**
   * when it was deleted, if it can still be restored
   */
  deleted_at: Moment | null;
}
export interface AdministeredPage {
  /**
   * @maxItems 100
   */
  items: AdministeredReport[];
  next: Next;
}
/**
 * a report without its definition
 */
export interface ListedReport {
  id: Id;
  name: ReportName;
  description: ReportDescription;
  administrators: Administrators;
  visibility: Visibility;
  shared_with: StoredSharing;
  /**
   * has the caller's own star
   */
  starred: boolean;
  version: Version;
  created_at: Moment;
  created_by: AccountId;
  updated_at: Moment;
  updated_by: AccountId;
}
export interface ReportPage {
  /**
   * @maxItems 100
   */
  items: ListedReport[];
  next: Next;
  /**
   * Jira could not be asked for all of the caller's groups and projects; what rests on them is left out
   */
  unchecked?: true;
}
export interface Settings {
  contact_addresses: ContactAddresses;
  version: VersionFromZero;
  updated_by: AccountId | null;
  updated_at: Moment | null;
}
