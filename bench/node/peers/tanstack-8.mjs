import { createTable, getCoreRowModel, getGroupedRowModel } from 'table-core-8';
import { COLUMNS, KEYS, readGroups } from './tanstack.mjs';

export function prepare(rows) {
  const table = createTable({
    data: rows,
    columns: COLUMNS,
    getCoreRowModel: getCoreRowModel(),
    getGroupedRowModel: getGroupedRowModel(),
    state: {},
    onStateChange: () => {},
    renderFallbackValue: null,
  });
  table.getCoreRowModel();
  const group = (grouping) => {
    const state = { ...table.initialState, grouping };
    table.setOptions((options) => ({ ...options, state }));
    return readGroups(table.getGroupedRowModel().rows);
  };
  return {
    name: '@tanstack/table-core 8.21.3',
    regroup: () => group([...KEYS]),
    groups: (found) => new Map(found.map(([path, numbers]) => [path.join(' / '), numbers])),
  };
}
