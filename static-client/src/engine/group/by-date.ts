import type { NumberColumn } from '../column/number-column';
import { type DateUnit, periodOf } from '../time/bucket';
import { DAY_MS } from '../time/calendar';
import type { Zone } from '../time/zone';
import type { Coding, CodingScale } from './coding';

/** Marks a row without a date among days, which never lie this far back. */
const NO_DAY = -0x8000_0000;

/** One group a calendar period of the report's zone. Days become periods once a distinct day, not once a row. */
export function codeDates(unit: DateUnit, column: NumberColumn, scale: CodingScale): Coding {
  const days = localDays(column, scale.zone);
  const period = periodOf(unit, scale.options, scale.context.locale);
  const distinct = new Set(days);
  distinct.delete(NO_DAY);
  const bucketOf = new Map(Array.from(distinct, (day) => [day, period.of(day)]));
  const buckets = [...new Set(bucketOf.values())].sort((left, right) => left - right);
  const place = new Map(buckets.map((bucket, index) => [bucket, index + 1]));
  const codeOf = new Map(Array.from(bucketOf, ([day, bucket]) => [day, place.get(bucket) ?? 0]));
  const label = (code: number) => period.label(buckets[code - 1] ?? 0);
  return {
    codes: days.map((day) => codeOf.get(day) ?? 0),
    size: buckets.length + 1,
    identity: (code) => label(code).iso,
    label: (code) => ({ values: code === 0 ? [] : [{ kind: 'date', ...label(code) }] }),
  };
}

/** Dates without a time are days already; times become days of the zone. */
function localDays(column: NumberColumn, zone: Zone): Int32Array {
  const values = column.values();
  const days = new Int32Array(values.length);
  for (let row = 0; row < days.length; row++) {
    const value = values[row] ?? Number.NaN;
    if (Number.isNaN(value)) days[row] = NO_DAY;
    else days[row] = column.kind === 'date' ? Math.floor(value / DAY_MS) : zone.day(value);
  }
  return days;
}
