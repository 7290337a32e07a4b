import {
  aggregationFn_max,
  aggregationFn_mean,
  aggregationFn_sum,
  columnGroupingFeature,
  constructTable,
  createGroupedRowModel,
  rowAggregationFeature,
  tableFeatures,
} from 'table-core-9';
import { storeReactivityBindings } from 'table-core-9/store-reactivity-bindings';
import { COLUMNS, KEYS, readGroups } from './tanstack.mjs';

const features = tableFeatures({
  coreReactivityFeature: storeReactivityBindings(),
  columnGroupingFeature,
  groupedRowModel: createGroupedRowModel(),
  rowAggregationFeature,
  aggregationFns: { sum: aggregationFn_sum, mean: aggregationFn_mean, max: aggregationFn_max },
});

export function prepare(rows) {
  const table = constructTable({ features, columns: COLUMNS, data: rows });
  table.getCoreRowModel();
  const group = (grouping) => {
    // Without groups in between, the same grouping again would cost nothing.
    table.setGrouping([]);
    table.getGroupedRowModel();
    table.setGrouping(grouping);
    return readGroups(table.getGroupedRowModel().rows);
  };
  return {
    name: '@tanstack/table-core 9.3.1',
    regroup: () => group([...KEYS]),
    groups: (found) => new Map(found.map(([path, numbers]) => [path.join(' / '), numbers])),
  };
}
