import type { Aggregate, Column, Definition } from '../../definition';
import type { Measure } from '../aggregate/measure';
import { isDate } from '../column/column';
import { groupCount, type Level } from '../group/level';
import type { Source } from '../source';
import type { IssueStore } from '../store';
import { commonValues } from './common-values';
import { fieldVector, typeOfField } from './field-vector';
import type { Formulas } from './formulas';
import type { Frame, Setting } from './frame';
import type { Vector } from './vector';

type Found = Extract<Source, { column: unknown }>;

/** What the groups of a report offer to a formula that is evaluated over them. */
export interface GroupHolding {
  readonly definition: Definition;
  readonly levels: readonly Level[];
  readonly store: IssueStore;
  readonly setting: Setting;
  readonly formulas: Formulas;
  resolve(of: Column['of']): Source;
  measure(source: Found, aggregate: Aggregate): Measure;
}

/**
 * The groups of one level as rows of a formula. A field stands for what its column in the report shows of a group;
 * where no column has an aggregate that fits, numbers are added up, progress is averaged, several values are
 * gathered, and everything else is the one value that all issues of the group have, or empty.
 */
export class GroupFrame implements Frame {
  readonly #vectors = new Map<string, Vector>();
  readonly size: number;
  readonly setting: Setting;

  constructor(
    readonly depth: number,
    readonly level: Level,
    readonly holding: GroupHolding,
  ) {
    this.size = groupCount(level);
    this.setting = holding.setting;
  }

  field(id: string): Vector {
    return this.#once(`field ${id}`, () => {
      const source = this.holding.resolve({ field: id });
      const metadata = this.holding.store.field(id);
      if ('error' in source || !metadata) throw new Error(`${id} was looked up before.`);
      const aggregate = aggregateOf(id, source, this.holding.definition);
      if (aggregate !== undefined) return this.#measured(source, aggregate);
      return commonValues(fieldVector(source.column, typeOfField(metadata)), this.level);
    });
  }

  /** A formula within stands for its own roll-up, or is evaluated in turn. */
  formula(id: string): Vector {
    return this.#once(`formula ${id}`, () => {
      const { formulas, resolve } = this.holding;
      const rollup = formulas.rollup(id);
      if (rollup !== undefined && rollup !== 'evaluate') {
        const source = resolve({ formula: id });
        if (!('error' in source) && keepsKind(rollup, source)) return this.#measured(source, rollup);
      }
      return formulas.run(id, this);
    });
  }

  #measured(source: Found, aggregate: Aggregate): Vector {
    const measure = this.holding.measure(source, aggregate);
    const values = new Float64Array(this.size);
    for (let group = 0; group < this.size; group++) values[group] = measure.number(this.depth, group);
    return { shape: 'numbers', values, step: 1 };
  }

  #once(key: string, compute: () => Vector): Vector {
    const known = this.#vectors.get(key);
    if (known) return known;
    const vector = compute();
    this.#vectors.set(key, vector);
    return vector;
  }
}

const OF_NUMBERS: ReadonlySet<unknown> = new Set([
  'sum',
  'average',
  'minimum',
  'maximum',
  'range',
  'median',
  'standard deviation',
]);
const OF_DATES: ReadonlySet<unknown> = new Set(['average', 'minimum', 'maximum', 'median']);

/** Whether an aggregate of a field is of the field's own kind, so that it can stand in its place. */
function keepsKind(aggregate: Aggregate, { column }: Found): boolean {
  if (column.shape !== 'number') return false;
  if (typeof aggregate === 'object') return 'percentile' in aggregate;
  return (isDate(column.kind) ? OF_DATES : OF_NUMBERS).has(aggregate);
}

function aggregateOf(id: string, source: Found, { columns }: Definition): Aggregate | undefined {
  for (const { of, aggregate } of columns) {
    const own = 'field' in of && of.field === id;
    if (own && aggregate !== undefined && keepsKind(aggregate, source)) return aggregate;
  }
  const { column, kind } = source;
  if (column.shape !== 'number' || isDate(column.kind)) return undefined;
  return kind === 'progress' ? 'average' : 'sum';
}
