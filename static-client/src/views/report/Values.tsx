import { memo } from 'react';
import type { Cell, Value, ViewColumn } from '../../engine/protocol';
import { Avatar } from '../parts/Avatar';
import { Lozenge, type LozengeTone } from '../parts/Lozenge';
import { IssueTypeIcon, PriorityIcon } from './JiraIcons';
import { IssueLink, linkOf } from './links';
import { legible, textOf, titleOf } from './value-texts';

const STATUS_TONES: Readonly<Record<'new' | 'indeterminate' | 'done' | 'undefined', LozengeTone>> = {
  new: 'neutral',
  indeterminate: 'information',
  done: 'success',
  undefined: 'neutral',
};

/** More values of one cell than this are counted: they would not fit, and cost time to draw. */
const SHOWN = 8;

interface ValuesProps {
  readonly cell: Cell | undefined;
  readonly style?: ViewColumn['style'];
}

/** The values of one cell as Jira shows them; a dash where there is none. */
export const Values = memo(function Values({ cell, style }: ValuesProps) {
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
  if (style === 'text') {
    return <Plain text={textOf(values)} />;
  }
  const [only, ...others] = values;
  return only && others.length === 0 ? (
    <OneValue value={only} icon={style === 'icon'} />
  ) : (
    <SeveralValues values={values} icon={style === 'icon'} />
  );
});

interface SeveralProps {
  readonly values: readonly Value[];
  readonly icon: boolean;
}

/** People side by side by their pictures, everything else as tags. */
function SeveralValues({ values, icon }: SeveralProps) {
  const people = values.every(({ kind }) => kind === 'user');
  const rest = values.length - SHOWN;
  return (
    <span className={people ? 'values people' : 'values'} title={titleOf(values)}>
      {values.slice(0, SHOWN).map((value, position) =>
        value.kind === 'text' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: values of a cell have no identity beyond their place
          <Tag key={position} text={value.text} />
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: values of a cell have no identity beyond their place
          <OneValue key={position} value={value} icon={icon || people} />
        ),
      )}
      {rest > 0 && <span className="more-values">+{rest}</span>}
    </span>
  );
}

interface OneProps {
  readonly value: Value;
  /** Its picture alone, where it has one; the name is its title. */
  readonly icon: boolean;
}

function OneValue({ value, icon }: OneProps) {
  switch (value.kind) {
    case 'key':
      return <IssueLink issueKey={value.key} />;
    case 'user':
      return (
        <span className="person" title={value.active ? value.text : `${value.text} (deactivated)`}>
          <Avatar accountId={value.accountId} name={value.text} url={value.avatarUrl} />
          <Name text={value.text} unseen={icon} />
        </span>
      );
    case 'status':
      return <Lozenge tone={STATUS_TONES[value.category]}>{legible(value.text)}</Lozenge>;
    case 'priority':
      return (
        <span className="with-icon" title={value.text}>
          <PriorityIcon name={value.text} url={value.iconUrl} />
          <Name text={value.text} unseen={icon} />
        </span>
      );
    case 'issuetype':
      return (
        <span className="with-icon" title={value.text}>
          <IssueTypeIcon name={value.text} url={value.iconUrl} subtask={value.subtask} />
          <Name text={value.text} unseen={icon} />
        </span>
      );
    case 'lozenge':
      return <Tag text={value.text} state={value.state} />;
    case 'text':
      return <Plain text={value.text} />;
    case 'date':
      return (
        <time className="clipped" dateTime={value.iso} title={value.title ?? value.text}>
          {value.text}
        </time>
      );
    default:
      return (
        <span className="clipped" title={value.text}>
          {value.text}
        </span>
      );
  }
}

function Name({ text, unseen }: { readonly text: string; readonly unseen: boolean }) {
  return (
    <span className={unseen ? 'unseen' : 'clipped'} dir="auto">
      {legible(text)}
    </span>
  );
}

interface TagProps {
  readonly text: string;
  readonly state?: Extract<Value, { kind: 'lozenge' }>['state'];
}

/** A label, component, version or sprint; archived and closed ones step back, the running sprint stands out. */
function Tag({ text, state }: TagProps) {
  return (
    <span
      className={state ? `tag tag-${state} clipped` : 'tag clipped'}
      dir="auto"
      title={state ? `${text} (${state})` : text}
    >
      {legible(text)}
    </span>
  );
}

/** A text that is an address as a whole becomes a link; nothing else in it is interpreted. */
function Plain({ text }: { readonly text: string }) {
  const address = linkOf(text);
  return address ? (
    <a className="clipped" href={address} target="_blank" rel="noopener noreferrer" tabIndex={-1}>
      {text}
    </a>
  ) : (
    <span className="clipped" dir="auto" title={text}>
      {legible(text)}
    </span>
  );
}
