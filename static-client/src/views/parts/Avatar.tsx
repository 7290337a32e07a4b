import { useState } from 'react';
import { initials } from '../text/format';

interface AvatarProps {
  readonly accountId: string;
  readonly name: string;
  readonly url?: string | undefined;
}

const COLOURS = 6;

/** A person's picture, or their initials on a colour that stays theirs. The name stands beside it. */
export function Avatar({ accountId, name, url }: AvatarProps) {
  const [broken, setBroken] = useState<string>();
  if (url?.startsWith('https://') && url !== broken) {
    return (
      <img
        className="avatar"
        src={url}
        alt=""
        decoding="async"
        referrerPolicy="no-referrer"
        onError={() => setBroken(url)}
      />
    );
  }
  return (
    <span className={`avatar avatar-${colourOf(accountId)}`} aria-hidden="true">
      {initials(name)}
    </span>
  );
}

function colourOf(accountId: string): number {
  let sum = 0;
  for (const letter of accountId) {
    sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  }
  return sum % COLOURS;
}
