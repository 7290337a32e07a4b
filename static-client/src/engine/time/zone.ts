import { DAY_MS } from './calendar';

/** Offsets are looked up once for each block; within one, at most one change of the clock is assumed. */
const BLOCK_MS = 4 * DAY_MS;

const MINUTE_MS = 60_000;

interface Block {
  /** The first instant at which the second offset holds. */
  readonly change: number;
  readonly before: number;
  readonly after: number;
}

/**
 * A time zone's offsets, remembered: `Intl` is asked a few times for each four days that occur, never once a
 * row.
 */
export class Zone {
  readonly #format: Intl.DateTimeFormat;
  readonly #blocks = new Map<number, Block>();
  #index = Number.NaN;
  #block: Block = { change: 0, before: 0, after: 0 };

  /** Throws a RangeError for a zone that the platform does not know. */
  constructor(readonly name: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      era: 'short',
    });
  }

  /** Milliseconds to add to UTC at an instant. */
  offset(instant: number): number {
    const index = Math.floor(instant / BLOCK_MS);
    if (index !== this.#index) {
      this.#index = index;
      this.#block = this.#blocks.get(index) ?? this.#learn(index);
    }
    return instant < this.#block.change ? this.#block.before : this.#block.after;
  }

  /** The local day of an instant, counted from 1970-01-01. */
  day(instant: number): number {
    return Math.floor((instant + this.offset(instant)) / DAY_MS);
  }

  /** The first instant of a local day, which is not midnight where the clock skips it. */
  startOfDay(day: number): number {
    const local = day * DAY_MS;
    const guess = local - this.offset(local);
    const early = guess - 2 * DAY_MS;
    let low = early;
    let high = guess + 2 * DAY_MS;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.day(middle) >= day) high = middle;
      else low = middle;
    }
    return high;
  }

  #learn(index: number): Block {
    const start = index * BLOCK_MS;
    const before = this.#ask(start);
    const after = this.#ask(start + BLOCK_MS);
    const change = before === after ? start : this.#findChange(start, before);
    const block = { change, before, after };
    this.#blocks.set(index, block);
    return block;
  }

  /** Clocks change on whole minutes. */
  #findChange(start: number, before: number): number {
    let low = start;
    let high = start + BLOCK_MS;
    while (high - low > MINUTE_MS) {
      const middle = low + Math.floor((high - low) / MINUTE_MS / 2) * MINUTE_MS;
      if (this.#ask(middle) === before) low = middle;
      else high = middle;
    }
    return high;
  }

  #ask(instant: number): number {
    const parts: Record<string, string> = {};
    for (const part of this.#format.formatToParts(instant)) parts[part.type] = part.value;
    const { year, month, day, hour, minute, second, era } = parts;
    const signed = era === 'BC' ? 1 - Number(year) : Number(year);
    const local = new Date(0);
    local.setUTCFullYear(signed, Number(month) - 1, Number(day));
    local.setUTCHours(Number(hour), Number(minute), Number(second));
    return local.getTime() - Math.floor(instant / 1000) * 1000;
  }
}
