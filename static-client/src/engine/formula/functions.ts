import table from '../../../../core/definition/functions.json';

/** What an expression is; `any` is what nothing is known of, and fits everywhere. */
export type Type = 'any' | 'number' | 'text' | 'date' | 'datetime' | 'boolean' | 'list';

interface Parameter {
  readonly name: string;
  readonly type: Type;
  readonly optional?: boolean;
  /** Takes one or more. */
  readonly repeated?: boolean;
}

/** A function that formulas may call, from the table that the server shares. */
export interface Signature {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** A type, or `same as` a parameter. */
  readonly result: string;
}

export const SIGNATURES: ReadonlyMap<string, Signature> = new Map(
  (table as readonly Signature[]).map((signature) => [signature.name, signature]),
);

/** How few and how many arguments a function takes. */
export function countOf({ parameters }: Signature): { readonly fewest: number; readonly most: number } {
  const fewest = parameters.filter(({ optional }) => !optional).length;
  const repeated = parameters.some((parameter) => parameter.repeated);
  return { fewest, most: repeated ? Number.POSITIVE_INFINITY : parameters.length };
}

/** What the argument at a place, from 0, is for. */
export function parameterOf({ parameters }: Signature, place: number): Parameter {
  return parameters[Math.min(place, parameters.length - 1)] ?? { name: 'value', type: 'any' };
}

/** Whether the argument at a place, from 0, has a say in the type of the result. */
export function isAlike(signature: Signature, place: number): boolean {
  const like = signature.parameters.find(({ name }) => signature.result === `same as ${name}`);
  return like !== undefined && parameterOf(signature, place).type === like.type;
}
