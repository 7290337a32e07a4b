/**
 * What the page and the engine's Web Worker say to each other. The engine keeps every issue; the page holds
 * only the rows it shows.
 */
import type { Aggregate, Definition, Format } from '../definition';

/** A field as `/rest/api/3/field` describes it, reduced to what the engine needs. */
export interface FieldMetadata {
  readonly id: string;
  readonly name: string;
  readonly kind: FieldKind;
  /** Several values an issue. */
  readonly multiple: boolean;
}

export type FieldKind =
  | 'key'
  | 'text'
  | 'number'
  | 'duration'
  | 'date'
  | 'datetime'
  | 'user'
  | 'option'
  | 'label'
  | 'component'
  | 'version'
  | 'sprint'
  | 'status'
  | 'priority'
  | 'resolution'
  | 'project'
  | 'issuetype'
  | 'issue'
  | 'progress'
  | 'boolean'
  | 'rank'
  | 'unknown';

/** What the numbers and dates of a report depend on besides its issues. */
export interface EngineContext {
  /** IANA zone in which days begin; already resolved from the definition's `options.zone`. */
  readonly timeZone: string;
  readonly locale: string;
  /** Jira's `/configuration`: hours a working day, days a working week. */
  readonly hoursPerDay: number;
  readonly daysPerWeek: number;
  /** Ids in Jira's order, first is highest. */
  readonly priorities: readonly string[];
  readonly fields: readonly FieldMetadata[];
  /** From when `3 days ago` counts, in milliseconds since the epoch; the report's start where absent. */
  readonly now?: number;
}

/** An issue as `/search/jql` returns it. */
export interface RawIssue {
  readonly id: string;
  readonly key: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** One displayable value; a cell of a multi-valued field holds several. */
export type Value =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'number'; readonly number: number; readonly text: string }
  | { readonly kind: 'duration'; readonly seconds: number; readonly text: string }
  | {
      readonly kind: 'date';
      readonly text: string;
      readonly iso: string;
      /** The date itself where the text is relative to now. */
      readonly title?: string;
    }
  | {
      readonly kind: 'user';
      readonly accountId: string;
      readonly text: string;
      readonly avatarUrl?: string;
      readonly active: boolean;
    }
  | {
      readonly kind: 'status';
      readonly text: string;
      readonly category: 'new' | 'indeterminate' | 'done' | 'undefined';
    }
  | { readonly kind: 'priority'; readonly text: string; readonly id: string; readonly iconUrl?: string }
  | {
      readonly kind: 'issuetype';
      readonly text: string;
      readonly iconUrl?: string;
      readonly subtask: boolean;
    }
  | { readonly kind: 'lozenge'; readonly text: string; readonly state?: ReleaseState };

/** Of versions and of sprints. */
type ReleaseState = 'released' | 'unreleased' | 'archived' | 'active' | 'closed' | 'future';

/** No values: empty, shown as a dash and never as zero. */
export interface Cell {
  readonly values: readonly Value[];
  /** Why there is no value where there should be one, e.g. a field this person may not see. */
  readonly error?: string;
}

export interface GroupRow {
  readonly kind: 'group';
  /** 0 for the outermost group. */
  readonly depth: number;
  /** Stable over reloads and free of issue data: a hash of the group's path. */
  readonly path: string;
  /** What the group is about, e.g. `Status`. */
  readonly field: string;
  /** Empty for the group of issues without a value. */
  readonly label: Cell;
  /** Distinct issues. */
  readonly count: number;
  /** Set where rows are worklogs. */
  readonly worklogs?: number;
  /** Of the parent's distinct issues, 0 to 1. */
  readonly share: number;
  readonly expanded: boolean;
  /** One a column; empty where the column has no aggregate. */
  readonly cells: readonly Cell[];
  /** Index of the group around it among the visible rows; absent at the outermost. */
  readonly parent?: number;
  /** Where several values of one name, of different projects, are this one group: its projects, the largest first. */
  readonly projects?: readonly ProjectShare[];
  /** Set where the group is one project's part of such a group. */
  readonly part?: ProjectPart;
}

interface ProjectPart {
  /** The project's key. */
  readonly project: string;
  /** The path of the whole group, to make it one again with. */
  readonly of: string;
}

/** How many of a group's distinct issues are of a project. */
interface ProjectShare {
  readonly key: string;
  readonly count: number;
}

export interface IssueRow {
  readonly kind: 'issue';
  readonly depth: number;
  readonly id: string;
  readonly key: string;
  /** What kind of issue it is, where the report loaded it. */
  readonly type?: Value;
  readonly cells: readonly Cell[];
  /** Index of the group around it among the visible rows; absent without groups. */
  readonly parent?: number;
}

export type Row = GroupRow | IssueRow;

export interface ViewColumn {
  /** Index in `definition.columns`. */
  readonly index: number;
  readonly label: string;
  readonly kind: FieldKind;
  readonly numeric: boolean;
  readonly aggregate?: Aggregate;
  readonly width?: number;
  readonly missing: boolean;
  /** How the page draws names: as a picture alone, or as a text alone. */
  readonly style?: Extract<Format['style'], 'icon' | 'text'>;
}

/** The shape of the whole table; rows are fetched by window. */
export interface View {
  /** Grows with every change; a window of an older revision is to be dropped. */
  readonly revision: number;
  readonly columns: readonly ViewColumn[];
  /** Rows visible with the present expansion. */
  readonly rowCount: number;
  /** Distinct issues after filters. */
  readonly issueCount: number;
  /** Worklogs after filters; set where rows are worklogs. */
  readonly worklogs?: number;
  /** Distinct issues held, before filters. */
  readonly heldCount: number;
  readonly groupLabels: readonly string[];
  /** The grand total, one cell a column. */
  readonly totals: readonly Cell[];
  /** What of the definition could not be applied, in plain words; shown above the table. */
  readonly notices?: readonly string[];
}

export interface RowWindow {
  readonly revision: number;
  readonly from: number;
  readonly rows: readonly Row[];
}

/** Depth `n` shows groups down to depth `n`; `all` shows the issues too. */
export type ExpansionDepth = number | 'all';

/** The engine as the page sees it; `createEngine` in `client.ts` makes one over a worker. */
export interface Engine {
  /** Drops all issues held and starts over. */
  open(definition: Definition, context: EngineContext): Promise<View>;
  /** Adds issues; one that is held already (by id) is ignored. */
  add(issues: readonly RawIssue[]): Promise<void>;
  /** Applies another definition to the issues held. */
  define(definition: Definition): Promise<View>;
  /** Recomputes after `add`. */
  refresh(): Promise<View>;
  rows(from: number, to: number): Promise<RowWindow>;
  toggle(path: string): Promise<View>;
  expand(depth: ExpansionDepth): Promise<View>;
  /** Shows the projects of a group each on its own, or as one group again; `path` is that of the whole group. */
  tellApart(path: string): Promise<View>;
  close(): void;
}
