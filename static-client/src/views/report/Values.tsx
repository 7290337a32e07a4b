import { memo } from 'react';
import type { Cell, Value } from '../../engine/protocol';
import { Avatar } from '../parts/Avatar';
import { Lozenge, type LozengeTone } from '../parts/Lozenge';
import { IssueTypeIcon, PriorityIcon } from './JiraIcons';
import { IssueLink, linkOf } from './links';

const STATUS_TONES: Readonly<Record<'new' | 'indeterminate' | 'done' | 'undefined', LozengeTone>> = {
  new: 'neutral',
  indeterminate: 'information',
  done: 'success',
  undefined: 'neutral',
};

/** The values of one cell as Jira shows them; a dash where there is none. */
export const Values = memo(function Values({ cell }: { readonly cell: Cell | undefined }) {
  if (cell?.error) {
    return (
      <span className="cell-error" title={cell.error}>
        unavailable<span className="unseen">: {cell.error}</span>
      </span>
    );
  }
  const values = cell?.values ?? [];
  if (values.length === 0) {
    return (
      <span className="cell-empty">
        <span aria-hidden="true">–</span>
        <span className="unseen">empty</span>
      </span>
    );
  }
  return (
    <span className="values" title={values.length > 1 ? textOf(values) : undefined}>
      {values.map((value, position) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: values of a cell have no identity beyond their place
        <OneValue key={position} value={value} several={values.length > 1} />
      ))}
    </span>
  );
});

function OneValue({ value, several }: { readonly value: Value; readonly several: boolean }) {
  switch (value.kind) {
    case 'key':
      return <IssueLink issueKey={value.key} />;
    case 'user':
      return (
        <span className="person" title={value.active ? value.text : `${value.text} (deactivated)`}>
          <Avatar accountId={value.accountId} name={value.text} url={value.avatarUrl} />
          <span className="clipped">{value.text}</span>
        </span>
      );
    case 'status':
      return <Lozenge tone={STATUS_TONES[value.category]}>{value.text}</Lozenge>;
    case 'priority':
      return (
        <span className="with-icon">
          <PriorityIcon name={value.text} url={value.iconUrl} />
          <span className="clipped">{value.text}</span>
        </span>
      );
    case 'issuetype':
      return (
        <span className="with-icon">
          <IssueTypeIcon name={value.text} url={value.iconUrl} subtask={value.subtask} />
          <span className="clipped">{value.text}</span>
        </span>
      );
    case 'lozenge':
      return <span className="tag clipped">{value.text}</span>;
    case 'text':
      return several ? <span className="tag clipped">{value.text}</span> : <Text text={value.text} />;
    default:
      return (
        <span className="clipped" title={value.text}>
          {value.text}
        </span>
      );
  }
}

/** A text that is an address as a whole becomes a link; nothing else in it is interpreted. */
function Text({ text }: { readonly text: string }) {
  const address = linkOf(text);
  return address ? (
    <a className="clipped" href={address} target="_blank" rel="noopener noreferrer" tabIndex={-1}>
      {text}
    </a>
  ) : (
    <span className="clipped" dir="auto" title={text}>
      {text}
    </span>
  );
}

export function textOf(values: readonly Value[]): string {
  return values.map(textOfOne).join(', ');
}

function textOfOne(value: Value): string {
  return value.kind === 'key' ? value.key : value.text;
}
