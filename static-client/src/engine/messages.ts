/** The calls that cross to the worker, one answer each. */
import type { EngineSession } from './session';

/** What the worker can be asked; `open` makes a session, the rest are its methods. */
export type Call =
  | { readonly method: 'open'; readonly args: ConstructorParameters<typeof EngineSession> }
  | { readonly method: 'add'; readonly args: Parameters<EngineSession['add']> }
  | { readonly method: 'define'; readonly args: Parameters<EngineSession['define']> }
  | { readonly method: 'refresh'; readonly args: Parameters<EngineSession['refresh']> }
  | { readonly method: 'rows'; readonly args: Parameters<EngineSession['rows']> }
  | { readonly method: 'toggle'; readonly args: Parameters<EngineSession['toggle']> }
  | { readonly method: 'expand'; readonly args: Parameters<EngineSession['expand']> }
  | { readonly method: 'tellApart'; readonly args: Parameters<EngineSession['tellApart']> };

export type Request = Call & { readonly id: number };

export type Answer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: string };
