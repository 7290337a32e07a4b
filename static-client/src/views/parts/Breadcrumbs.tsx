export interface Crumb {
  readonly label: string;
  /** Absent for places that Jira shows and for the page itself. */
  readonly go?: () => void;
}

export function Breadcrumbs({ crumbs }: { readonly crumbs: readonly Crumb[] }) {
  return (
    <nav aria-label="Breadcrumbs" className="breadcrumbs">
      <ol>
        {crumbs.map(({ label, go }) => (
          <li key={label}>
            {go ? (
              <button type="button" className="link-button" onClick={go}>
                {label}
              </button>
            ) : (
              <span>{label}</span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
