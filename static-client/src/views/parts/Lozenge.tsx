export type LozengeTone = 'neutral' | 'information' | 'success' | 'discovery';

/** Atlassian's lozenge, light enough for a table of thousands of rows. */
export function Lozenge({ tone, children }: { readonly tone: LozengeTone; readonly children: string }) {
  return (
    <span className={`lozenge lozenge-${tone}`}>
      <span>{children}</span>
    </span>
  );
}
