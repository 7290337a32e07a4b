// Generated from core/definition/definition.schema.json by `npm run generate`; do not edit.

/**
 * what a rule is about: a Jira field by id, or a formula of this definition by id
 */
export type Reference =
  | {
      field: string;
    }
  | {
      formula: Identifier;
    };
export type Identifier = string;
/**
 * empties are left out of all but count and count empty; percentile interpolates linearly; standard deviation is the sample's; first and list follow the report's sort; shares are of the same measure's sum
 */
export type Aggregate =
  | (
      | 'count'
      | 'count distinct'
      | 'count empty'
      | 'sum'
      | 'average'
      | 'minimum'
      | 'maximum'
      | 'range'
      | 'median'
      | 'standard deviation'
      | 'first'
      | 'list'
    )
  | {
      percentile: number;
    }
  | {
      share: 'parent' | 'total';
    };
export type Direction = 'ascending' | 'descending';

export interface Definition {
  jql: string;
  /**
   * worklog: one row a worklog; its fields worklog.author, worklog.started, worklog.timeSpentSeconds stand beside the issue's
   */
  rows?: 'issue' | 'worklog';
  /**
   * @minItems 1
   * @maxItems 100
   */
  columns: Column[];
  /**
   * @maxItems 50
   */
  formulas?: Formula[];
  /**
   * all must hold
   *
   * @maxItems 50
   */
  filters?: Filter[];
  /**
   * @maxItems 10
   */
  groups?: Group[];
  /**
   * @maxItems 10
   */
  sort?: Sort[];
  /**
   * @maxItems 50
   */
  formatting?: Formatting[];
  chart?: Chart;
  pivot?: Pivot;
  options?: Options;
}
export interface Column {
  of: Reference;
  label?: string;
  width?: number;
  aggregate?: Aggregate;
  format?: Format;
  hidden?: boolean;
  pinned?: boolean;
}
export interface Format {
  style:
    'plain' | 'decimal' | 'percent' | 'duration' | 'hours' | 'date' | 'time' | 'relative' | 'icon' | 'text';
  digits?: number;
}
export interface Formula {
  id: Identifier;
  name: string;
  expression: string;
  /**
   * how a group shows it: an aggregate of its rows' values, or the expression evaluated over the group's aggregates
   */
  rollup?: Aggregate | 'evaluate';
}
export interface Filter {
  of: Reference;
  operator:
    | 'any of'
    | 'none of'
    | 'all of'
    | 'is empty'
    | 'is not empty'
    | 'contains'
    | 'does not contain'
    | 'equals'
    | 'differs'
    | 'less'
    | 'at most'
    | 'greater'
    | 'at least'
    | 'between'
    | 'in the last'
    | 'in the next'
    | 'before'
    | 'after';
  /**
   * ids for fields that have ids, RFC 3339 for dates, ISO 8601 durations for 'in the last' and 'in the next'
   *
   * @maxItems 1000
   */
  values?: (string | number | boolean)[];
}
export interface Group {
  of: Reference;
  by?:
    | 'value'
    | 'day'
    | 'week'
    | 'month'
    | 'quarter'
    | 'year'
    | 'fiscal quarter'
    | 'fiscal year'
    | 'first letter'
    | 'range';
  /**
   * width of a range
   */
  step?: number;
  /**
   * for fields with several values
   */
  values?: 'each' | 'combined' | 'first';
  direction?: Direction;
  orderBy?: Measure;
  /**
   * the first so many groups, the rest as Others
   */
  limit?: number;
  empty?: 'last' | 'first' | 'hide';
  collapsed?: boolean;
}
/**
 * order groups by a measure instead of their own order
 */
export interface Measure {
  of: Reference;
  aggregate: Aggregate;
}
export interface Sort {
  of: Reference;
  direction?: Direction;
}
export interface Formatting {
  of: Reference;
  style: 'highlight' | 'scale' | 'bar';
  when?: Filter;
  colour?: 'red' | 'orange' | 'yellow' | 'green' | 'teal' | 'blue' | 'purple' | 'grey';
}
export interface Chart {
  kind: 'bar' | 'stacked bar' | 'line' | 'area' | 'donut' | 'number';
  category: Group;
  series?: Group;
  measure: Measure1;
  cumulative?: boolean;
}
export interface Measure1 {
  of: Reference;
  aggregate: Aggregate;
}
export interface Pivot {
  /**
   * @minItems 1
   * @maxItems 5
   */
  rows: Group[];
  /**
   * @maxItems 3
   */
  columns: Group[];
  /**
   * @minItems 1
   * @maxItems 10
   */
  measures: Measure1[];
}
export interface Options {
  view?: 'table' | 'chart' | 'pivot';
  /**
   * iso also numbers weeks by ISO 8601
   */
  weekStart?: 'iso' | 'locale' | 'monday' | 'sunday' | 'saturday';
  /**
   * a fiscal year is named after the calendar year in which it ends
   */
  fiscalYearStart?: number;
  /**
   * user, or an IANA zone
   */
  zone?: string;
}
