/** What may be chosen for a field of a kind, in the interface's words. */
import type { Aggregate, Definition, Group, Reference } from '../../definition';
import type { FieldKind, FieldMetadata } from '../../engine/protocol';
import { WORKLOG_FIELDS } from '../../engine/worklog-rows';

export interface Option<Value extends string = string> {
  readonly value: Value;
  readonly label: string;
}

const KIND_NAMES: Readonly<Record<FieldKind, string>> = {
  key: 'Issue key',
  text: 'Text',
  number: 'Number',
  duration: 'Duration',
  date: 'Date',
  datetime: 'Date and time',
  user: 'Person',
  option: 'Option',
  label: 'Labels',
  component: 'Component',
  version: 'Version',
  sprint: 'Sprint',
  status: 'Status',
  priority: 'Priority',
  resolution: 'Resolution',
  project: 'Project',
  issuetype: 'Issue type',
  issue: 'Issue',
  progress: 'Progress',
  boolean: 'Yes or no',
  rank: 'Rank',
  unknown: 'Other',
};

export function kindName(field: Pick<FieldMetadata, 'kind' | 'multiple'>): string {
  return field.multiple ? `${KIND_NAMES[field.kind]}, several` : KIND_NAMES[field.kind];
}

const COUNTING: readonly Aggregate[] = ['count', 'count distinct', 'count empty'];
const MEASURING: readonly Aggregate[] = [
  'sum',
  'average',
  'minimum',
  'maximum',
  'range',
  'median',
  { percentile: 85 },
  { percentile: 95 },
  'standard deviation',
  { share: 'parent' },
  { share: 'total' },
];

const AGGREGATE_NAMES: Readonly<Record<string, string>> = {
  count: 'Count',
  'count distinct': 'Count of different values',
  'count empty': 'Count of empty ones',
  sum: 'Sum',
  average: 'Average',
  minimum: 'Smallest',
  maximum: 'Largest',
  range: 'Largest minus smallest',
  median: 'Median',
  'standard deviation': 'Standard deviation',
  first: 'First value',
  list: 'List of values',
};

/** Aggregates that fit the kind; the present one is offered too, whatever it is. */
export function aggregateOptions(kind: FieldKind, present: Aggregate | undefined): Option[] {
  const fitting = [...aggregatesOf(kind)];
  if (present !== undefined && !fitting.some((one) => aggregateKey(one) === aggregateKey(present))) {
    fitting.push(present);
  }
  return [
    { value: '', label: 'Nothing' },
    ...fitting.map((one) => ({ value: aggregateKey(one), label: aggregateName(one) })),
  ];
}

function aggregatesOf(kind: FieldKind): readonly Aggregate[] {
  if (kind === 'number' || kind === 'duration' || kind === 'progress' || kind === 'unknown') {
    return [...MEASURING, ...COUNTING];
  }
  if (kind === 'date' || kind === 'datetime') {
    return ['minimum', 'maximum', 'range', ...COUNTING];
  }
  return [...COUNTING, 'first', 'list'];
}

export function aggregateKey(aggregate: Aggregate): string {
  return typeof aggregate === 'string' ? aggregate : JSON.stringify(aggregate);
}

export function parseAggregate(key: string): Aggregate | undefined {
  if (key === '') {
    return undefined;
  }
  return (key.startsWith('{') ? JSON.parse(key) : key) as Aggregate;
}

export function aggregateName(aggregate: Aggregate): string {
  if (typeof aggregate === 'string') {
    return AGGREGATE_NAMES[aggregate] ?? aggregate;
  }
  return 'percentile' in aggregate
    ? `Percentile ${aggregate.percentile}`
    : `Share of the ${aggregate.share === 'parent' ? 'group above' : 'total'}`;
}

type By = NonNullable<Group['by']>;

const BY_NAMES: Readonly<Record<By, string>> = {
  value: 'Each value',
  day: 'Day',
  week: 'Week',
  month: 'Month',
  quarter: 'Quarter',
  year: 'Year',
  'fiscal quarter': 'Fiscal quarter',
  'fiscal year': 'Fiscal year',
  'first letter': 'First letter',
  range: 'Ranges of numbers',
};

const DATE_BYS: readonly By[] = ['day', 'week', 'month', 'quarter', 'year', 'fiscal quarter', 'fiscal year'];

/** Ways to form groups; only dates, numbers and texts have more than one. */
export function byOptions(kind: FieldKind, present: By | undefined): Option<By>[] {
  const fitting: By[] = ['value'];
  if (kind === 'date' || kind === 'datetime') {
    fitting.push(...DATE_BYS);
  } else if (kind === 'number' || kind === 'duration') {
    fitting.push('range');
  } else if (kind === 'text' || kind === 'user') {
    fitting.push('first letter');
  }
  if (present && !fitting.includes(present)) {
    fitting.push(present);
  }
  return fitting.map((by) => ({ value: by, label: BY_NAMES[by] }));
}

/** A new group of dates is by month: by single value every issue would be its own. */
export function usualBy(kind: FieldKind): By | undefined {
  return kind === 'date' || kind === 'datetime' ? 'month' : undefined;
}

export const VALUES_OPTIONS: readonly Option<NonNullable<Group['values']>>[] = [
  { value: 'each', label: 'In the group of each of its values' },
  { value: 'combined', label: 'In one group of all its values together' },
  { value: 'first', label: 'In the group of its first value' },
];

export const EMPTY_OPTIONS: readonly Option<NonNullable<Group['empty']>>[] = [
  { value: 'last', label: 'As the last group' },
  { value: 'first', label: 'As the first group' },
  { value: 'hide', label: 'Not at all' },
];

export const DIRECTION_OPTIONS: readonly Option<'ascending' | 'descending'>[] = [
  { value: 'ascending', label: 'Ascending' },
  { value: 'descending', label: 'Descending' },
];

export const ROWS_OPTIONS: readonly Option<NonNullable<Definition['rows']>>[] = [
  { value: 'issue', label: 'One row for each issue' },
  { value: 'worklog', label: 'One row for each worklog' },
];

/** The fields that a report may use: a worklog's own stand beside the issue's where rows are worklogs. */
export function fieldsOf(
  site: ReadonlyMap<string, FieldMetadata>,
  { rows }: Pick<Definition, 'rows'>,
): ReadonlyMap<string, FieldMetadata> {
  if (rows !== 'worklog') {
    return site;
  }
  return new Map([...WORKLOG_FIELDS.map((field) => [field.id, field] as const), ...site]);
}

/** The field of a reference; a formula, and a field that is gone, are shown by what is known of them. */
export function fieldOf(
  of: Reference,
  fields: ReadonlyMap<string, FieldMetadata>,
  definition: Definition,
): FieldMetadata & { readonly missing: boolean } {
  if ('formula' in of) {
    const formula = definition.formulas?.find(({ id }) => id === of.formula);
    const name = formula?.name ?? of.formula;
    return { id: of.formula, name, kind: 'unknown', multiple: false, missing: !formula };
  }
  const field = fields.get(of.field);
  return field
    ? { ...field, missing: false }
    : { id: of.field, name: of.field, kind: 'unknown', multiple: false, missing: true };
}
