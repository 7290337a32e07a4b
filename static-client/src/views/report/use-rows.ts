import { useEffect, useMemo, useReducer } from 'react';
import type { Engine, Row, View } from '../../engine/protocol';
import { RowBlocks } from './row-blocks';

/** Rows of the view by index; those from `from` to `to` are fetched, others may be unknown. */
export function useRows(
  engine: Pick<Engine, 'rows'>,
  view: View,
  from: number,
  to: number,
): (index: number) => Row | undefined {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const blocks = useMemo(() => new RowBlocks(engine, redraw), [engine]);
  useEffect(() => {
    blocks.want(view.revision, view.rowCount, from, to);
  }, [blocks, view.revision, view.rowCount, from, to]);
  return (index) => blocks.get(index);
}
