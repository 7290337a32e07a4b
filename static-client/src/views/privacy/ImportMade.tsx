import { useCallback } from 'react';
import type { ImportCounts } from '../../server/imports';
import { Moment } from '../parts/Moment';
import { Notice } from '../parts/Notice';
import { useApp } from '../shell/app';
import { pageAddress } from '../shell/page-address';
import { useFetched } from '../shell/use-fetched';
import { madeText } from './import-text';

interface ImportMadeProps {
  readonly made: ImportCounts;
  readonly at: string | null;
}

/** What an import made, with the way to it. */
export function ImportMade({ made, at }: ImportMadeProps) {
  const { siteUrl } = useApp().host;
  const [address] = useFetched(useCallback((signal: AbortSignal) => pageAddress(siteUrl, signal), [siteUrl]));
  return (
    <Notice tone="success" title="The import is done">
      <p>
        New: {madeText(made)}
        {at && (
          <>
            , <Moment time={at} />
          </>
        )}
        .
      </p>
      {address.state === 'ready' && (
        <a href={address.value.of({ view: 'list' })} target="_top" rel="noopener">
          Show all reports
        </a>
      )}
    </Notice>
  );
}
