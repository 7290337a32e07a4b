import type { EngineContext } from '../protocol';
import type { Zone } from '../time/zone';
import type { Type } from './functions';
import type { Vector } from './vector';

/** What formulas are computed over: the rows of issues, or the groups of a level. */
export interface Frame {
  /** Rows or groups. */
  readonly size: number;
  readonly setting: Setting;
  field(id: string): Vector;
  formula(id: string): Vector;
}

/** What is the same for every frame of a report. */
export interface Setting {
  readonly zone: Zone;
  readonly context: Pick<EngineContext, 'locale' | 'hoursPerDay'>;
  /** Milliseconds since the epoch, the same for a whole load. */
  readonly now: number;
}

/** A part of a formula made ready: its type, and its values over a frame. */
export interface Compiled {
  readonly type: Type;
  readonly run: (frame: Frame) => Vector;
}
