import type { Aggregate, Column, Definition, Filter, Group, Sort } from '../definition';
import { failedMeasure } from './aggregate/by-number';
import { EMPTY_CELL, type Measure, measureColumn, sizeOf } from './aggregate/measure';
import { baseOrder } from './base-order';
import { filterColumn, keepRows } from './filter/filter';
import { measureEvaluated } from './formula/evaluated';
import { Formulas } from './formula/formulas';
import { type Coding, codeColumn } from './group/coding';
import { distinctIssues } from './group/distinct';
import type { Level } from './group/level';
import { type GroupStep, growTree, type Tree } from './group/tree';
import type { Memo } from './memo';
import { type RowRule, sortRows } from './order/sort-rows';
import { type Parts, partByProject, wholeGroups } from './parts';
import { ranksOf } from './prepare';
import type { EngineContext } from './protocol';
import { parentRows } from './sigma';
import { resolve, resolveField, type Source } from './source';
import type { IssueStore } from './store';
import { Zone } from './time/zone';
import { Paths } from './view/path';

/** A definition over the issues held: what a view is made from. */
export interface Report {
  readonly definition: Definition;
  readonly columns: readonly ReportColumn[];
  /** The rules that could be applied, in their order. */
  readonly groups: readonly { readonly rule: Group; readonly name: string; readonly coding: Coding }[];
  readonly tree: Tree;
  /** By depth, the root's being 0: which groups are a project's part of a group. */
  readonly parts: readonly Parts[];
  readonly paths: Paths;
  /** The tree's levels with each issue once a group; the levels themselves where rows are issues. */
  readonly issueLevels: readonly Level[];
  readonly notices: readonly string[];
}

export interface ReportColumn {
  /** Index in `definition.columns`. */
  readonly index: number;
  readonly column: Column;
  readonly source: Source;
  readonly measure: Measure;
}

/** What a report is computed from. */
export interface Holding {
  readonly store: IssueStore;
  readonly context: EngineContext;
  /** Fields that Jira was asked for. */
  readonly loaded: ReadonlySet<string>;
  readonly memo: Memo;
  /** Paths of groups whose projects are told apart. */
  readonly apart: ReadonlySet<string>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

type Found = Extract<Source, { column: unknown }>;

/** Sorts, filters, groups and adds up; what earlier definitions computed over the same issues is used again. */
export function computeReport(definition: Definition, holding: Holding): Report {
  return new Computation(definition, holding).run();
}

class Computation {
  readonly #notices: string[] = [];
  readonly #zone: Zone;
  readonly #formulas: Formulas;
  readonly #parts: Parts[] = [];

  constructor(
    readonly definition: Definition,
    readonly holding: Holding,
  ) {
    const { context, memo, now, store, loaded } = holding;
    this.#zone = memo.get('zone', () => new Zone(context.timeZone));
    const field = (id: string) => resolveField(id, store, loaded);
    this.#formulas = new Formulas(definition, {
      store,
      memo,
      field,
      setting: { zone: this.#zone, context, now },
    });
  }

  run(): Report {
    const { definition } = this;
    if ((definition.rows ?? 'issue') !== this.holding.store.rowKind)
      this.#notices.push('What a row is has changed: run the report again.');
    const groups = this.#groups();
    const paths = new Paths(groups, this.#parts);
    const tree = this.#tree(groups, paths);
    const columns = this.#columns(tree);
    const issueLevels = this.#issueLevels(tree.levels);
    const parts = this.#parts;
    return { definition, columns, groups, tree, parts, paths, issueLevels, notices: this.#notices };
  }

  /** A level is kept while the rows, and the rules down to it, are what they were. */
  #tree(groups: Report['groups'], paths: Paths): Tree {
    const { definition, holding } = this;
    const { memo, apart } = holding;
    const order = this.#order();
    const rowsKey = this.#key([this.#sortKey(), definition.filters, definition.options]);
    const predicates = this.#predicates();
    const rows = memo.latest('rows', rowsKey, () => keepRows(order, predicates));
    const positions = () => memo.latest('positions', this.#sortKey(), () => invert(order));
    const steps = groups.map(({ rule, coding }) => this.#step(this.#alone(rule), coding));
    return growTree(rows, steps, positions, (depth, compute) => {
      const rules = groups.slice(0, depth).map(({ rule }) => rule);
      const key = this.#key([rowsKey, rules, ...apart]);
      const parts = memo.latest(`level ${depth}`, key, () => this.#told(compute(), depth, groups, paths));
      this.#parts.push(parts);
      return parts.level;
    });
  }

  /** A limit that nothing reaches: no level is made along with the one above it, which is told apart first. */
  #alone(rule: Group): Group {
    return this.holding.apart.size > 0 ? { limit: Number.MAX_SAFE_INTEGER, ...rule } : rule;
  }

  /** Only values of several projects that share a name can be told apart. */
  #told(level: Level, depth: number, groups: Report['groups'], paths: Paths): Parts {
    const { apart, store } = this.holding;
    if (depth === 0 || apart.size === 0) return wholeGroups(level);
    const coding = groups[depth - 1]?.coding;
    const isApart = (group: number) => {
      const code = level.codes[group] ?? 0;
      return code > 0 && coding?.isShared?.(code) === true && apart.has(paths.in(level, depth, group));
    };
    return partByProject(level, isApart, store.keys);
  }

  #sortKey(): string {
    return this.#key(this.#sortRules());
  }

  /** What results of rules depend on: of a formula not its name but what it computes. */
  #key(rules: unknown): string {
    return JSON.stringify(rules, (member, value) =>
      member === 'formula' && typeof value === 'string' ? this.#formulas.key(value) : value,
    );
  }

  #sortRules(): readonly Sort[] {
    const { definition, holding } = this;
    return definition.sort ?? baseOrder(definition.jql, holding.context.fields);
  }

  /** All rows in the report's order; ties fall back to the issue key. */
  #order(): Int32Array {
    const rules = this.#sortRules().flatMap((rule) => this.#rowRule(rule));
    return this.holding.memo.get(`order ${this.#sortKey()}`, () => sortRows(this.#orderByKey(), rules));
  }

  #orderByKey(): Int32Array {
    return this.holding.memo.get('order by key', () => {
      const rows = Int32Array.from({ length: this.holding.store.size }, (_, row) => row);
      return sortRows(rows, this.#rowRule({ of: { field: 'issuekey' } }));
    });
  }

  #rowRule({ of, direction }: Sort): readonly RowRule[] {
    const source = this.#resolve(of);
    const chosen = this.definition.sort !== undefined;
    if ('error' in source) return chosen ? this.#leaveOut('Sort rule', source) : [];
    const { locale } = this.holding.context;
    const ranks = ranksOf(source, this.holding.memo, locale);
    return [{ ranks, descending: direction === 'descending' }];
  }

  #predicates() {
    const { context, now } = this.holding;
    const scale = { zone: this.#zone, locale: context.locale, now };
    return (this.definition.filters ?? []).flatMap((filter: Filter) => {
      const source = this.#resolve(filter.of);
      if ('error' in source) return this.#leaveOut('Filter', source);
      return [filterColumn(filter, source.column, scale)];
    });
  }

  #groups(): Report['groups'] {
    return (this.definition.groups ?? []).flatMap((rule) => {
      const source = this.#resolve(rule.of);
      if ('error' in source) return this.#leaveOut('Group', source);
      return [{ rule, name: source.name, coding: this.#coding(rule, source) }];
    });
  }

  #coding(rule: Group, source: Found): Coding {
    const options = this.definition.options ?? {};
    const { by, step, values } = rule;
    const key = JSON.stringify(['coding', source.id, by, step, values, options]);
    const scale = { context: this.holding.context, options, zone: this.#zone };
    return this.holding.memo.get(key, () => codeColumn(rule, source.column, scale));
  }

  #step(rule: Group, coding: Coding): GroupStep {
    const { orderBy } = rule;
    if (!orderBy) return { rule, coding };
    const source = this.#resolve(orderBy.of);
    if ('error' in source) {
      this.#leaveOut('Order of groups', source);
      return { rule, coding };
    }
    const { aggregate } = orderBy;
    const additive = typeof aggregate === 'object' && 'share' in aggregate ? 'sum' : aggregate;
    const measure = (level: Level) => {
      const taken = this.#measure(source, { of: orderBy.of, aggregate: additive }, [level]);
      return (group: number) => taken.number(0, group);
    };
    return { rule, coding, measure };
  }

  #columns({ levels }: Tree): readonly ReportColumn[] {
    return this.definition.columns.flatMap((column, index) => {
      if (column.hidden) return [];
      const source = this.#resolve(column.of);
      if ('formula' in column.of && 'error' in source)
        this.#notices.push(`Formula “${source.name}” is not computed. ${source.error}`);
      const shown = this.#rolledUp(column);
      const measure = this.#evaluated(shown, source, levels) ?? this.#measure(source, shown, levels);
      return [{ index, column: shown, source, measure }];
    });
  }

  /** What a column says of its groups comes before what its formula says. */
  #rolledUp(column: Column): Column {
    const rollup = 'formula' in column.of ? this.#formulas.rollup(column.of.formula) : undefined;
    if (column.aggregate !== undefined || rollup === undefined || rollup === 'evaluate') return column;
    return { ...column, aggregate: rollup };
  }

  #evaluated(
    { of, aggregate, format }: Column,
    source: Source,
    levels: readonly Level[],
  ): Measure | undefined {
    if (!('formula' in of) || aggregate !== undefined) return undefined;
    if (this.#formulas.rollup(of.formula) !== 'evaluate') return undefined;
    if ('error' in source) return failedMeasure(source.error);
    const { definition, holding } = this;
    const { context, now, store } = holding;
    const measures = new Map<string, Measure>();
    const measure = (found: Found, by: Aggregate): Measure => {
      const key = JSON.stringify([found.id, by]);
      const known = measures.get(key) ?? this.#measure(found, { of, aggregate: by }, levels);
      measures.set(key, known);
      return known;
    };
    const setting = { zone: this.#zone, context, now };
    const resolved = (reference: Column['of']) => this.#resolve(reference);
    const groups = {
      definition,
      levels,
      store,
      setting,
      formulas: this.#formulas,
      resolve: resolved,
      measure,
    };
    return measureEvaluated(of.formula, groups, format, context);
  }

  #measure(source: Source, column: Column, levels: readonly Level[]): Measure {
    const { aggregate, format } = column;
    if (!aggregate) return NO_MEASURE;
    if ('error' in source) return failedMeasure(source.error);
    const { context, memo, store } = this.holding;
    const parents = source.subtasks ? memo.get('parents', () => parentRows(store)) : undefined;
    const own = source.perWorklog ? levels : this.#issueLevels(levels);
    const { column: values } = source;
    return measureColumn({ aggregate, column: values, levels: own, context, format, parentRows: parents });
  }

  /** An issue's own values count once a group, however many worklogs it has there. */
  #issueLevels(levels: readonly Level[]): readonly Level[] {
    const { firstRows } = this.holding.store;
    return firstRows ? levels.map((level) => distinctIssues(level, firstRows)) : levels;
  }

  #resolve(of: Column['of']): Source {
    return resolve(of, this.#formulas, this.holding.store, this.holding.loaded);
  }

  #leaveOut(what: string, source: Extract<Source, { error: string }>): [] {
    this.#notices.push(`${what} “${source.name}” is left out. ${source.error}`);
    return [];
  }
}

const NO_MEASURE: Measure = { number: () => Number.NaN, cell: () => EMPTY_CELL };

function invert(order: Int32Array): Int32Array {
  const positions = new Int32Array(order.length);
  for (let position = 0; position < order.length; position++) positions[order[position] as number] = position;
  return positions;
}

/** Distinct issues after filters. */
export function issueCount({ issueLevels }: Report): number {
  return sizeOf(issueLevels[0], 0);
}
