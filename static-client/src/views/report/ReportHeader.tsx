import type { Report } from '../../server/reports';
import { Moment } from '../parts/Moment';
import { Star } from '../parts/Star';
import { VisibilityLozenge } from '../parts/VisibilityLozenge';
import { PersonName } from '../people/PersonName';

export function ReportHeader({ report }: { readonly report: Report }) {
  const owner = report.administrators[0] ?? report.created_by;
  return (
    <header className="report-header">
      <div className="report-title">
        <h1>{report.name}</h1>
        <Star report={report} />
        <VisibilityLozenge report={report} />
      </div>
      {report.description && <p className="report-about">{report.description}</p>}
      <p className="report-facts">
        <code className="clipped" title={report.definition.jql}>
          {report.definition.jql || 'All issues'}
        </code>
        <span>
          owner <PersonName accountId={owner} plain />
        </span>
        <span>
          edited <Moment time={report.updated_at} />
        </span>
      </p>
    </header>
  );
}
