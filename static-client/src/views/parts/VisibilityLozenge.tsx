import type { ReportSummary } from '../../server/reports';
import { Lozenge, type LozengeTone } from './Lozenge';

const TONES: Readonly<Record<ReportSummary['visibility'], LozengeTone>> = {
  private: 'neutral',
  limited: 'information',
  public: 'success',
};

/** Who may see the report: `Private`, `Limited · 2 groups`, `Public`. */
export function VisibilityLozenge({ report }: { readonly report: ReportSummary }) {
  return <Lozenge tone={TONES[report.visibility]}>{visibilityText(report)}</Lozenge>;
}

function visibilityText(report: Pick<ReportSummary, 'visibility' | 'shared_with'>): string {
  if (report.visibility !== 'limited') {
    return report.visibility === 'private' ? 'Private' : 'Public';
  }
  const { accounts = [], groups = [], projects = [] } = report.shared_with;
  const parts = [
    [accounts.length, 'person', 'people'],
    [groups.length, 'group', 'groups'],
    [projects.length, 'project', 'projects'],
  ] as const;
  const named = parts
    .filter(([count]) => count > 0)
    .map(([count, one, many]) => `${count} ${count === 1 ? one : many}`);
  return ['Limited', named.join(', ')].filter(Boolean).join(' · ');
}
