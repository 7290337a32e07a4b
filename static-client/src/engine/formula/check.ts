import type { Formula } from '../../definition';
import type { Type } from './functions';
import { parse } from './parse';
import { type Expression, ExpressionInvalid, namesIn } from './syntax';
import { WORDS } from './tokens';
import { typeOf } from './types';

/** What the check of all formulas of a definition found. */
export interface CheckedFormulas {
  /** Each formula that can be computed, after those that it names. */
  readonly sound: ReadonlyMap<string, SoundFormula>;
  /** By formula: what is wrong with it, with the position where there is one. */
  readonly problems: ReadonlyMap<string, FormulaProblem>;
}

interface SoundFormula {
  readonly expression: Expression;
  readonly type: Type;
}

interface FormulaProblem {
  readonly message: string;
  /** In code points from 0. */
  readonly at?: number;
}

/**
 * Parses formulas, orders them by what they name, and finds their types, as the server does. `fieldType` gives
 * `undefined` for a field that does not exist.
 */
export function checkFormulas(
  formulas: readonly Formula[],
  fieldType: (id: string) => Type | undefined,
): CheckedFormulas {
  return new Check(formulas, fieldType).run();
}

class Check {
  readonly #expressions = new Map<string, Expression>();
  readonly #problems = new Map<string, FormulaProblem>();
  readonly #sound = new Map<string, SoundFormula>();
  /** What nothing is known of fits everywhere, so that a problem is told once. */
  readonly #types = new Map<string, Type>();
  readonly #open: string[] = [];

  constructor(
    readonly formulas: readonly Formula[],
    readonly fieldType: (id: string) => Type | undefined,
  ) {}

  run(): CheckedFormulas {
    for (const formula of this.formulas) this.#parse(formula);
    for (const { id } of this.formulas) this.#visit(id);
    return { sound: this.#sound, problems: this.#problems };
  }

  #parse({ id, expression }: Formula): void {
    if (this.#types.has(id) || WORDS.has(id)) {
      const reason = WORDS.has(id) ? 'has a meaning of its own in formulas' : 'is the id of two formulas';
      this.#refuse(id, { message: `"${id}" ${reason}` });
      return;
    }
    this.#types.set(id, 'any');
    this.#try(id, () => this.#expressions.set(id, parse(expression)));
  }

  /** Depth first, so that what a formula names is checked before it; at most as deep as there are formulas. */
  #visit(id: string): void {
    const expression = this.#expressions.get(id);
    if (!expression || this.#sound.has(id) || this.#problems.has(id)) return;
    const turn = this.#open.indexOf(id);
    if (turn >= 0) {
      this.#refuseCircle(this.#open.slice(turn));
      return;
    }
    this.#open.push(id);
    for (const name of namesIn(expression)) this.#visit(name);
    this.#open.pop();
    if (!this.#problems.has(id)) this.#type(id, expression);
  }

  #type(id: string, expression: Expression): void {
    this.#try(id, () => {
      const type = typeOf(expression, { formulas: this.#types, field: this.fieldType });
      this.#types.set(id, type);
      const broken = [...namesIn(expression)].find((name) => this.#problems.has(name));
      if (broken) this.#refuse(id, { message: `uses the formula "${broken}", which cannot be computed` });
      else this.#sound.set(id, { expression, type });
    });
  }

  /** Told from the formula that stands first in the definition; all of the circle are refused. */
  #refuseCircle(circle: readonly string[]): void {
    const places = new Map(this.formulas.map(({ id }, place) => [id, place]));
    const place = (id: string) => places.get(id) ?? 0;
    const first = circle.reduce((one, other) => (place(other) < place(one) ? other : one));
    const turn = circle.indexOf(first);
    const path = [...circle.slice(turn), ...circle.slice(0, turn), first];
    for (const id of circle) this.#refuse(id, { message: `goes round in a circle: ${path.join(' → ')}` });
  }

  #try(id: string, step: () => void): void {
    try {
      step();
    } catch (error) {
      if (!(error instanceof ExpressionInvalid)) throw error;
      this.#refuse(id, { message: error.message, at: error.at });
    }
  }

  #refuse(id: string, problem: FormulaProblem): void {
    if (!this.#problems.has(id)) this.#problems.set(id, problem);
  }
}
