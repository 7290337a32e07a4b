import type { Definition, Formula } from '../../definition';
import type { FieldColumn } from '../column/column';
import type { Memo } from '../memo';
import { includesSubtasks } from '../sigma';
import type { Source } from '../source';
import type { IssueStore } from '../store';
import { isWorklogField } from '../worklog-rows';
import { type CheckedFormulas, checkFormulas } from './check';
import { compile } from './compile';
import { fieldVector, typeOfField } from './field-vector';
import { formulaColumn, kindOfType } from './formula-column';
import type { Compiled, Frame, Setting } from './frame';
import type { Type } from './functions';
import { type Expression, partsOf } from './syntax';
import { TextTooLong, type Vector } from './vector';

/** What formulas are computed from. */
export interface FormulaHolding {
  readonly store: IssueStore;
  readonly memo: Memo;
  readonly setting: Setting;
  /** Looks a field up among the issues held. */
  field(id: string): Source;
}

/** The formulas of a definition over the issues held; what did not change since the last definition is kept. */
export class Formulas {
  readonly #formulas: ReadonlyMap<string, Formula>;
  readonly #checked: CheckedFormulas;
  readonly #types: ReadonlyMap<string, Type>;
  readonly #compiled = new Map<string, Compiled>();
  readonly #closures = new Map<string, ReadonlySet<string>>();

  constructor(
    { formulas = [] }: Definition,
    readonly holding: FormulaHolding,
  ) {
    const { memo, store } = holding;
    this.#formulas = new Map(formulas.map((formula) => [formula.id, formula]));
    const typeOf = (id: string) => {
      const field = store.field(id);
      return field && typeOfField(field);
    };
    const key = JSON.stringify(formulas.map(({ id, expression }) => [id, expression]));
    this.#checked = memo.latest('formulas', key, () => checkFormulas(formulas, typeOf));
    this.#types = new Map(formulas.map(({ id }) => [id, this.#checked.sound.get(id)?.type ?? 'any']));
  }

  /** The formula as rules see it: a column of values, or why there is none. */
  source(id: string): Source {
    const name = this.#formulas.get(id)?.name ?? id;
    const error = this.#error(id);
    if (error !== undefined) return { name, kind: 'unknown', id: `=${id}`, error };
    const column = this.#column(id);
    if (typeof column === 'string') return { name, kind: 'unknown', id: `=${id}`, error: column };
    const subtasks = this.#fields(id).some(includesSubtasks);
    const perWorklog = this.#fields(id).some(isWorklogField);
    return { name, kind: kindOfType(this.type(id)), id: `=${this.key(id)}`, subtasks, perWorklog, column };
  }

  type(id: string): Type {
    return this.#types.get(id) ?? 'any';
  }

  rollup(id: string): Formula['rollup'] {
    return this.#formulas.get(id)?.rollup;
  }

  /** Everything that a formula's values depend on besides the issues. */
  key(id: string): string {
    const used = [...this.#closure(id)].sort();
    return JSON.stringify([id, used.map((name) => [name, this.#formulas.get(name)?.expression])]);
  }

  /** A sound formula's values over a frame other than the rows of issues. */
  run(id: string, frame: Frame): Vector {
    return this.#compile(id).run(frame);
  }

  /** All fields that a formula reads, by itself or through others. */
  #fields(id: string): readonly string[] {
    return [...this.#closure(id)].flatMap((name) => {
      const formula = this.#checked.sound.get(name);
      return formula ? fieldsIn(formula.expression, this.#formulas) : [];
    });
  }

  #error(id: string): string | undefined {
    const problem = this.#checked.problems.get(id)?.message;
    if (problem !== undefined) return `The formula cannot be computed: ${problem}.`;
    if (!this.#checked.sound.has(id)) return 'There is no such formula in this report.';
    for (const field of this.#fields(id)) {
      const source = this.holding.field(field);
      if ('error' in source) return `It reads ${source.name}. ${source.error}`;
    }
    return undefined;
  }

  /** The formula and all that it uses. */
  #closure(id: string): ReadonlySet<string> {
    const known = this.#closures.get(id);
    if (known) return known;
    const found = new Set([id]);
    for (const name of found) {
      const expression = this.#checked.sound.get(name)?.expression;
      for (const part of expression ? partsOf(expression) : []) {
        if (part.kind === 'name' && this.#formulas.has(part.id)) found.add(part.id);
      }
    }
    this.#closures.set(id, found);
    return found;
  }

  /** The column, or why there is none. */
  #column(id: string): FieldColumn | string {
    const { memo, store } = this.holding;
    const make = () => formulaColumn(this.#vector(id), this.type(id), store.size, store.context);
    return memo.latest(`formula column ${id}`, this.key(id), () => orTooLong(make));
  }

  #vector(id: string): Vector {
    const { memo, store, setting } = this.holding;
    const frame: Frame = {
      size: store.size,
      setting,
      field: (field) => this.#fieldVector(field),
      formula: (name) => this.#vector(name),
    };
    return memo.latest(`formula ${id}`, this.key(id), () => this.run(id, frame));
  }

  #fieldVector(id: string): Vector {
    const source = this.holding.field(id);
    const field = this.holding.store.field(id);
    if ('error' in source || !field) throw new Error(`${id} was looked up before.`);
    return fieldVector(source.column, typeOfField(field));
  }

  #compile(id: string): Compiled {
    const known = this.#compiled.get(id);
    if (known) return known;
    const { sound } = this.#checked;
    const formula = sound.get(id);
    if (!formula) throw new Error(`The formula ${id} was checked before.`);
    const { store } = this.holding;
    const scope = {
      formulas: this.#types,
      field: (field: string) => {
        const metadata = store.field(field);
        return metadata && typeOfField(metadata);
      },
    };
    const compiled = compile(formula.expression, scope);
    this.#compiled.set(id, compiled);
    return compiled;
  }
}

/** What is computed or, where it would be more text than can be held, that it is. */
export function orTooLong<T>(compute: () => T): T | string {
  try {
    return compute();
  } catch (error) {
    if (error instanceof TextTooLong) return error.message;
    throw error;
  }
}

/** The ids of the fields that an expression itself names. */
function fieldsIn(expression: Expression, formulas: { has(id: string): boolean }): readonly string[] {
  return partsOf(expression).flatMap((part) => {
    const named = part.kind === 'field' || (part.kind === 'name' && !formulas.has(part.id));
    return named ? [part.id] : [];
  });
}
