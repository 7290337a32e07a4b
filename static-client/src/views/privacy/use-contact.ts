import { useState } from 'react';
import { Problem } from '../../server/problem';
import type { Settings } from '../../server/settings';
import { useApp } from '../shell/app';
import { addressesIn, faultTexts } from './contact-text';

type State = 'editing' | 'saving' | 'saved' | 'stale' | 'failed';

interface Contact {
  readonly text: string;
  change(text: string): void;
  /** What is written differs from what is set. */
  readonly changed: boolean;
  save(): Promise<void>;
  readonly state: State;
  /** What is wrong with the addresses, in the server's words. */
  readonly faults: readonly string[];
  readonly error: unknown;
  /** What is set. */
  readonly saved: Settings;
}

/** The addresses while they are edited; `first` is what was set when the form appeared. */
export function useContact(first: Settings): Contact {
  const { server } = useApp();
  const [saved, setSaved] = useState(first);
  const [text, setText] = useState(first.contact_addresses.join('\n'));
  const [state, setState] = useState<State>('editing');
  const [faults, setFaults] = useState<readonly string[]>([]);
  const [error, setError] = useState<unknown>();

  const refused = (refusal: unknown) => {
    const status = refusal instanceof Problem ? refusal.status : 0;
    if (refusal instanceof Problem && status === 422) {
      setFaults(faultTexts(refusal.faults, addressesIn(text)));
      setState('editing');
    } else {
      setError(refusal);
      setState(status === 412 ? 'stale' : 'failed');
    }
  };
  const save = async () => {
    setState('saving');
    setFaults([]);
    try {
      const now = await server.settings.replace(saved.version, { contact_addresses: addressesIn(text) });
      setSaved(now);
      setText(now.contact_addresses.join('\n'));
      setState('saved');
    } catch (refusal) {
      refused(refusal);
    }
  };
  return {
    text,
    change: (next) => {
      setText(next);
      setFaults([]);
      setState('editing');
    },
    changed: addressesIn(text).join('\n') !== saved.contact_addresses.join('\n'),
    save,
    state,
    faults,
    error,
    saved,
  };
}
