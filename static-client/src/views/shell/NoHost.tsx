import { BridgeMissing } from '../../host/bridge';
import { EmptyState } from '../parts/EmptyState';
import { Failure } from '../parts/Failure';

/** Shown instead of a page that has no Jira around it. */
export function NoHost({ error }: { readonly error: unknown }) {
  if (error instanceof BridgeMissing && error.reason === 'outside') {
    return (
      <EmptyState title="Open Sightline from Jira's Apps menu">
        Sightline shows issues with your own Jira rights, so it only works inside Jira. In Jira, choose Apps,
        then Sightline.
      </EmptyState>
    );
  }
  return <Failure error={error} onAgain={() => window.location.reload()} />;
}
