import '../styles/gadget.css';
import { useCallback, useState } from 'react';
import type { Gadget, GadgetPlace } from '../../server/gadgets';
import { EmptyState } from '../parts/EmptyState';
import { Failure } from '../parts/Failure';
import { Loading } from '../parts/Loading';
import { type App, useApp } from '../shell/app';
import { useFetched } from '../shell/use-fetched';
import { ChooseReport } from './ChooseReport';
import { GadgetReport } from './GadgetReport';
import { useMayChoose } from './use-may-choose';
import { WithoutReport } from './WithoutReport';

interface Found {
  readonly place: GadgetPlace;
  readonly gadget: Gadget;
}

/** The dashboard item: the report that somebody chose for it, or the choice. */
export function GadgetView() {
  const app = useApp();
  const fetch = useCallback((signal: AbortSignal) => findGadget(app, signal), [app]);
  const [found, again] = useFetched(fetch);
  return (
    <main className="gadget">
      {found.state === 'loading' && <Loading label="Opening the gadget…" />}
      {found.state === 'failed' && <Failure error={found.error} onAgain={again} />}
      {found.state === 'ready' &&
        (found.value ? (
          <OpenGadget {...found.value} again={again} />
        ) : (
          <EmptyState title="This is not a dashboard">
            The gadget shows a report once it stands on a dashboard of Jira.
          </EmptyState>
        ))}
    </main>
  );
}

async function findGadget({ host, server }: App, signal: AbortSignal): Promise<Found | undefined> {
  const { dashboardId, dashboardItemId } = await host.context();
  if (dashboardId === undefined || dashboardItemId === undefined) {
    return undefined;
  }
  const place = { dashboard: dashboardId, item: dashboardItemId };
  return { place, gadget: await server.gadgets.read(place, signal) };
}

interface OpenGadgetProps extends Found {
  readonly again: () => void;
}

function OpenGadget({ place, gadget: found, again }: OpenGadgetProps) {
  const [gadget, setGadget] = useState(found);
  const [choosing, setChoosing] = useState(false);
  const mayChoose = useMayChoose(gadget);
  const chosen = (next: Gadget) => {
    setGadget(next);
    setChoosing(false);
  };
  if (choosing || gadget.state === 'empty') {
    const onCancel = gadget.state === 'empty' ? undefined : () => setChoosing(false);
    return (
      <ChooseReport place={place} gadget={gadget} onChosen={chosen} onCancel={onCancel} onStale={again} />
    );
  }
  const change = mayChoose ? () => setChoosing(true) : undefined;
  return gadget.state === 'shown' && gadget.report !== null ? (
    <GadgetReport key={gadget.report} id={gadget.report} onChange={change} />
  ) : (
    <WithoutReport gadget={gadget} onChange={change} again={again} />
  );
}
