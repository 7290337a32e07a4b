import { useSyncExternalStore } from 'react';
import { Avatar } from '../parts/Avatar';
import { useApp } from '../shell/app';

/** The picture and name of an account, as soon as Jira has told them. */
export function PersonName({ accountId, plain }: { readonly accountId: string; readonly plain?: boolean }) {
  const name = usePersonName(accountId);
  const { people } = useApp();
  if (plain) {
    return <span>{name}</span>;
  }
  return (
    <span className="person">
      <Avatar accountId={accountId} name={name} url={people.find(accountId)?.avatarUrl} />
      <span className="clipped">{name}</span>
    </span>
  );
}

function usePersonName(accountId: string): string {
  const { people } = useApp();
  useSyncExternalStore(people.subscribe, people.snapshot);
  return people.find(accountId)?.name ?? 'Unknown person';
}
