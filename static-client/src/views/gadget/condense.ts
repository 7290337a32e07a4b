import type { Column, Definition } from '../../definition';

/** Columns that say something of an issue in few words; with them an opened group can be read. */
const NAMING = new Set(['issuekey', 'summary']);

/**
 * A definition for a small place: of a report with groups, the columns that groups have a value in, beside what
 * names an issue. Groups, filters, order and totals stay as they are. Other reports stay whole.
 */
export function condensed(definition: Definition): Definition {
  const { groups = [], columns } = definition;
  const kept = columns.filter(belongs);
  const hasTotals = kept.some(({ aggregate }) => aggregate !== undefined);
  return groups.length > 0 && hasTotals ? { ...definition, columns: kept } : definition;
}

function belongs({ of, aggregate }: Column): boolean {
  return aggregate !== undefined || ('field' in of && NAMING.has(of.field)) || 'formula' in of;
}
