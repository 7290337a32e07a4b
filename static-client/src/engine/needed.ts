import type { Column, Definition, Group } from '../definition';
import { baseOrder } from './base-order';
import { fieldsOfFormulas } from './formula/needed';
import { includesSubtasks, SUBTASK_FIELDS } from './sigma';

type Reference = Column['of'];

/**
 * The ids of all fields that a definition reads, for `LoadRequest.fields`: sorted, each once. The key is no
 * field: Jira sends it with every issue.
 */
export function fieldsNeeded(definition: Definition): string[] {
  const all = references(definition);
  const formulas = all.flatMap((of) => ('formula' in of ? [of.formula] : []));
  const fields = all.flatMap((of) => ('field' in of ? [of.field] : []));
  const ids = new Set([...fields, ...fieldsOfFormulas(formulas, definition.formulas ?? [])]);
  if (showsKeys(definition)) ids.add('issuetype');
  if ([...ids].some(includesSubtasks)) for (const id of SUBTASK_FIELDS) ids.add(id);
  ids.delete('issuekey');
  return [...ids].filter((id) => !id.startsWith('worklog.')).sort();
}

/** An issue's key comes with the picture of its type; below groups, keys stand whether chosen or not. */
function showsKeys({ columns, groups = [] }: Definition): boolean {
  const chosen = columns.some(({ of, hidden }) => !hidden && 'field' in of && of.field === 'issuekey');
  return chosen || groups.length > 0;
}

function references(definition: Definition): Reference[] {
  const { columns, filters = [], groups = [], formatting = [], chart, pivot } = definition;
  const sort = definition.sort ?? baseOrder(definition.jql);
  const charted = chart ? [chart.category, ...(chart.series ? [chart.series] : [])] : [];
  const pivoted = pivot ? [...pivot.rows, ...pivot.columns] : [];
  return [
    ...[...columns, ...filters, ...sort].map(({ of }) => of),
    ...formatting.flatMap(({ of, when }) => (when ? [of, when.of] : [of])),
    ...[...groups, ...charted, ...pivoted].flatMap(ofGroup),
    ...(chart ? [chart.measure.of] : []),
    ...(pivot?.measures.map(({ of }) => of) ?? []),
  ];
}

function ofGroup({ of, orderBy }: Group): Reference[] {
  return orderBy ? [of, orderBy.of] : [of];
}
