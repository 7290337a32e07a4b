import { LONGEST_SEARCH } from '../../server/reports';

/** Says why nothing more can be typed. */
export function SearchHint({ search }: { readonly search: string }) {
  return (
    <span className="hint" role="status">
      {search.length >= LONGEST_SEARCH && `A search has at most ${LONGEST_SEARCH} letters.`}
    </span>
  );
}
