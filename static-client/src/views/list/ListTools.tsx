import Textfield from '@atlaskit/textfield';
import { LONGEST_SEARCH, type ReportSort } from '../../server/reports';
import { Choice } from '../parts/Choice';
import { SearchIcon } from '../parts/icons';
import { SearchHint } from '../parts/SearchHint';

const SORTS: readonly { readonly value: ReportSort; readonly label: string }[] = [
  { value: '-updated', label: 'Recently edited first' },
  { value: 'updated', label: 'Least recently edited first' },
  { value: 'name', label: 'Name, A to Z' },
  { value: '-name', label: 'Name, Z to A' },
  { value: '-created', label: 'Newest first' },
  { value: 'created', label: 'Oldest first' },
];

interface ListToolsProps {
  readonly search: string;
  readonly onSearch: (search: string) => void;
  readonly sort: ReportSort;
  readonly onSort: (sort: ReportSort) => void;
}

export function ListTools({ search, onSearch, sort, onSort }: ListToolsProps) {
  return (
    <search className="list-tools">
      <span className="search-field">
        <Textfield
          type="search"
          aria-label="Search reports"
          placeholder="Search reports"
          value={search}
          maxLength={LONGEST_SEARCH}
          elemBeforeInput={
            <span className="search-icon">
              <SearchIcon label="" color="currentColor" />
            </span>
          }
          onChange={(event) => onSearch(event.currentTarget.value)}
        />
        <SearchHint search={search} />
      </span>
      <Choice label="Order" value={sort} options={SORTS} onChange={onSort} />
    </search>
  );
}
