import type { View } from '../../engine/protocol';
import { formatHeld } from '../text/format';
import type { Layout } from './layout';
import { Values } from './Values';

/** The grand total, over distinct issues; stays at the lower edge. */
export function TotalRow({ view, layout }: { readonly view: View; readonly layout: Layout }) {
  return (
    <tfoot className="table-foot">
      <tr className="row row-total" aria-rowindex={view.rowCount + 2}>
        <th scope="row" className="cell cell-tree">
          <span className="group-label">Total</span>
          <span className="group-count">{formatHeld(view.issueCount, view.worklogs)}</span>
        </th>
        {layout.beside.map((position) => {
          const cell = view.totals[position];
          const shown = cell && (cell.error || cell.values.length > 0);
          return (
            <td key={position} className={view.columns[position]?.numeric ? 'cell cell-number' : 'cell'}>
              {shown ? <Values cell={cell} style={view.columns[position]?.style} /> : null}
            </td>
          );
        })}
      </tr>
    </tfoot>
  );
}
