import Spinner from '@atlaskit/spinner';

/** Stands in for something that is being fetched. */
export function Loading({ label }: { readonly label: string }) {
  return (
    <div className="loading" role="status">
      <Spinner size="large" label="" />
      <span>{label}</span>
    </div>
  );
}
