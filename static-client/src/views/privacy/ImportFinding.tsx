import type { ImportCheck } from '../../server/imports';
import { Notice } from '../parts/Notice';
import { useApp } from '../shell/app';
import { formatCount, formatMoment } from '../text/format';
import { linesOf, remarksOf, reportsText } from './import-text';

const MOST_FIELDS = 8;

/** What an import would do, or why it cannot be done. */
export function ImportFinding({ found }: { readonly found: ImportCheck }) {
  if (found.problems.length > 0) {
    return <ImportProblems problems={found.problems} />;
  }
  return (
    <div className="import-finding">
      <h3>What would happen</h3>
      <Origin found={found} />
      <ImportLines found={found} />
      <Remarks found={found} />
    </div>
  );
}

function ImportProblems({ problems }: Pick<ImportCheck, 'problems'>) {
  return (
    <Notice tone="danger" title="This file cannot be imported">
      <p>Nothing was changed. This is wrong, each with its place in the document:</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <ul className="import-problems" tabIndex={0} aria-label="Problems">
        {problems.map(({ pointer, detail }) => (
          <li key={`${pointer} ${detail}`}>
            <code>{pointer || 'the whole document'}</code> {detail}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function Origin({ found: { site, exported_at } }: { readonly found: ImportCheck }) {
  const { timeZone } = useApp().user;
  return (
    <p className="import-origin">
      {site && `An export of ${siteName(site)}`}
      {site && exported_at && `, made on ${formatMoment(exported_at, timeZone)}`}
      {site && '. '}
      Reports get new ids and stand beside those that are here; nothing is replaced.
    </p>
  );
}

function ImportLines({ found }: { readonly found: ImportCheck }) {
  const lines = linesOf(found);
  if (lines.length === 0) {
    return <p>The file holds nothing that could be imported.</p>;
  }
  const some = lines.some(({ left }) => left > 0);
  return (
    <table className="plain-table import-lines">
      <thead>
        <tr>
          <th scope="col">What</th>
          <th scope="col" className="number">
            New
          </th>
          {some && (
            <th scope="col" className="number">
              Left out
            </th>
          )}
          {some && <th scope="col">Why</th>}
        </tr>
      </thead>
      <tbody>
        {lines.map(({ what, comes, left, why }) => (
          <tr key={what}>
            <td>{what}</td>
            <td className="number">{formatCount(comes)}</td>
            {some && <td className="number">{formatCount(left)}</td>}
            {some && <td>{left > 0 && why}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Remarks({ found }: { readonly found: ImportCheck }) {
  const { missing } = found.fields;
  const remarks = remarksOf(found);
  if (remarks.length === 0 && missing.length === 0) {
    return null;
  }
  return (
    <ul className="import-remarks">
      {remarks.map((remark) => (
        <li key={remark}>{remark}</li>
      ))}
      {missing.length > 0 && (
        <li>
          {missing.length === 1
            ? 'This site lacks a field that reports name; it stays empty: '
            : 'This site lacks fields that reports name; they stay empty: '}
          {missing.slice(0, MOST_FIELDS).map(({ id, reports }, place) => (
            <span key={id}>
              {place > 0 && ', '}
              <code>{id}</code> (in {reportsText(reports)})
            </span>
          ))}
          {missing.length > MOST_FIELDS && ` and ${formatCount(missing.length - MOST_FIELDS)} more`}.
        </li>
      )}
    </ul>
  );
}

function siteName(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
