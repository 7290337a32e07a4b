import Button from '@atlaskit/button/default/button';
import { useCallback } from 'react';
import type { PurgeReceipt } from '../../server/purges';
import { Failure } from '../parts/Failure';
import { Loading } from '../parts/Loading';
import { useApp } from '../shell/app';
import { useFetched } from '../shell/use-fetched';
import { formatCount, formatDay, formatMoment } from '../text/format';
import { ASKED_BY, receiptFile, removedBy } from './purge-text';
import { saveFile } from './save-file';

/** The receipt of a purge, to read and to keep. */
export function PurgeReceiptView({ id }: { readonly id: string }) {
  const { purges } = useApp().server;
  const [receipt, again] = useFetched(
    useCallback((signal: AbortSignal) => purges.receipt(id, signal), [purges, id]),
  );
  if (receipt.state === 'loading') {
    return <Loading label="Fetching the receipt…" />;
  }
  if (receipt.state === 'failed') {
    return <Failure error={receipt.error} onAgain={again} />;
  }
  return <Receipt receipt={receipt.value} />;
}

function Receipt({ receipt }: { readonly receipt: PurgeReceipt }) {
  const { timeZone } = useApp().user;
  const removed = removedBy(receipt);
  return (
    <div className="receipt">
      <dl className="file-line">
        <dt>Asked for</dt>
        <dd>
          {formatMoment(receipt.asked_at, timeZone)} by {ASKED_BY[receipt.asked_by]}
        </dd>
        <dt>Removed</dt>
        <dd>{formatMoment(receipt.ended_at, timeZone)}</dd>
        <dt>Gone from backups</dt>
        <dd>on {formatDay(receipt.backups_until)}, with the last backup that was taken before</dd>
        <dt>Receipt</dt>
        <dd>
          <code>{receipt.id}</code>
        </dd>
      </dl>
      {removed.length > 0 && (
        <table className="plain-table receipt-counts">
          <thead>
            <tr>
              <th scope="col">What was removed</th>
              <th scope="col" className="number">
                Number
              </th>
            </tr>
          </thead>
          <tbody>
            {removed.map(({ what, count }) => (
              <tr key={what}>
                <td>{what}</td>
                <td className="number">{formatCount(count)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Button onClick={() => saveFile(receiptFile(receipt))}>Download the receipt</Button>
    </div>
  );
}
