import type { SiteMoved } from '../../server/me';
import { Moment } from '../parts/Moment';
import { Notice } from '../parts/Notice';

/** Tells that the site's address changed, and what to do where nobody meant that. */
export function MovedNotices({ notices }: { readonly notices: readonly SiteMoved[] }) {
  return notices.length === 0 ? null : (
    <Notice tone="warning" title="The address of this site changed">
      <ul className="moves">
        {notices.map(({ at, from, to }) => (
          <li key={at}>
            from {from} to {to}, <Moment time={at} />
          </li>
        ))}
      </ul>
      <p>
        Sightline keeps one set of data for all addresses of a site. Where a copy of this site was made, for
        tests say, reinstall the app on the site that shall keep the data, and remove it from the copy.
      </p>
    </Notice>
  );
}
