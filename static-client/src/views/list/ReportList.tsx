import '../styles/list.css';
import Button from '@atlaskit/button/default/button';
import { useDeferredValue, useState } from 'react';
import type { ReportSort } from '../../server/reports';
import { Breadcrumbs } from '../parts/Breadcrumbs';
import { EmptyState } from '../parts/EmptyState';
import { Failure } from '../parts/Failure';
import { Loading } from '../parts/Loading';
import { Notice } from '../parts/Notice';
import type { Navigation } from '../shell/use-route';
import { useSettled } from '../shell/use-settled';
import { ListTools } from './ListTools';
import { RemovedFlag } from './RemovedFlag';
import { ReportTable } from './ReportTable';
import { useRemoval } from './use-removal';
import { type ReportsList, useReports } from './use-reports';

/** All reports that this person may see. */
export function ReportList({ navigation }: { readonly navigation: Navigation }) {
  const [search, setSearch] = useState('');
  const [sort, setSort] = useState<ReportSort>('-updated');
  const asked = useSettled(useDeferredValue(search.trim()));
  const reports = useReports({ search: asked, sort });
  const removal = useRemoval(reports);
  return (
    <div className="list-view">
      <Breadcrumbs crumbs={[{ label: 'Apps' }, { label: 'Sightline' }]} />
      <header className="page-header">
        <h1>Reports</h1>
        <Button appearance="primary" onClick={() => navigation.go({ view: 'new' })}>
          Create report
        </Button>
      </header>
      <ListTools search={search} onSearch={setSearch} sort={sort} onSort={setSort} />
      {reports.unchecked && (
        <Notice tone="warning">
          <p>
            Jira could not be asked about your groups and projects just now. Reports shared through them may
            be missing.
          </p>
        </Notice>
      )}
      {removal.error !== undefined && <Failure error={removal.error} />}
      <Found
        reports={reports}
        search={asked}
        sort={sort}
        onSort={setSort}
        navigation={navigation}
        onRemove={removal.ask}
      />
      {removal.dialog}
      {removal.removed && (
        <RemovedFlag name={removal.removed.name} onUndo={removal.undo} onClose={removal.forget} />
      )}
    </div>
  );
}

interface FoundProps {
  readonly reports: ReportsList;
  readonly search: string;
  readonly sort: ReportSort;
  readonly onSort: (sort: ReportSort) => void;
  readonly navigation: Navigation;
  readonly onRemove: Parameters<typeof ReportTable>[0]['onRemove'];
}

function Found({ reports, search, sort, onSort, navigation, onRemove }: FoundProps) {
  if (reports.state === 'failed') {
    return <Failure error={reports.error} onAgain={reports.reload} />;
  }
  if (reports.items.length === 0) {
    return reports.state === 'loading' ? (
      <Loading label="Loading reports…" />
    ) : (
      <NothingFound search={search} navigation={navigation} />
    );
  }
  return (
    <>
      <ReportTable
        reports={reports.items}
        sort={sort}
        onSort={onSort}
        navigation={navigation}
        onRemove={onRemove}
      />
      {reports.next && (
        <Button onClick={reports.more} isDisabled={reports.state === 'loading'}>
          {reports.state === 'loading' ? 'Loading…' : 'Load more'}
        </Button>
      )}
    </>
  );
}

function NothingFound({ search, navigation }: { readonly search: string; readonly navigation: Navigation }) {
  if (search) {
    return (
      <EmptyState title="No report matches">
        Neither a name nor a description that you may see contains “{search}”.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="There are no reports yet"
      action={
        <Button appearance="primary" onClick={() => navigation.go({ view: 'new' })}>
          Create report
        </Button>
      }
    >
      A report is a JQL query with columns, groups and totals. It runs in your browser and shows only issues
      that you may see.
    </EmptyState>
  );
}
