import { useCallback, useEffect, useRef, useState } from 'react';
import { isOver, type Task } from '../../server/exports';
import type { Server } from '../../server/server';
import { useApp } from '../shell/app';
import { isAbort } from '../text/explain';
import { saveFile } from './save-file';

export interface ExportInView {
  readonly task: Task | undefined;
  readonly error: unknown;
  readonly busy: boolean;
  start(): void;
  cancel(): void;
  download(): void;
}

const POLL_MILLISECONDS = 1000;

/** The last export of the site: found when the page opens, followed while it runs. */
export function useExport(): ExportInView {
  const { server } = useApp();
  const [task, setTask] = useState<Task>();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const page = useRef(new AbortController());

  const carryOut = useCallback(async (work: () => Promise<Task | undefined>) => {
    setBusy(true);
    setError(undefined);
    try {
      setTask(await work());
    } catch (problem) {
      if (!isAbort(problem)) {
        setError(problem);
      }
    } finally {
      setBusy(false);
    }
  }, []);

  useEffect(() => {
    page.current = new AbortController();
    void carryOut(() => lastExport(server, page.current.signal));
    return () => page.current.abort();
  }, [server, carryOut]);

  const running = task !== undefined && !isOver(task);
  useEffect(() => {
    if (!running || error !== undefined) {
      return undefined;
    }
    const timer = setTimeout(
      () => void carryOut(() => server.exports.read(task.id, page.current.signal)),
      POLL_MILLISECONDS,
    );
    return () => clearTimeout(timer);
  }, [running, task, error, server, carryOut]);

  return {
    task,
    error,
    busy,
    start: () => void carryOut(() => server.exports.start(crypto.randomUUID())),
    cancel: () =>
      task &&
      void carryOut(async () => {
        await server.exports.cancel(task.id);
        return lastExport(server, page.current.signal);
      }),
    download: () =>
      task &&
      void carryOut(async () => {
        saveFile(await server.exports.file(task.id));
        return task;
      }),
  };
}

async function lastExport(server: Server, signal: AbortSignal): Promise<Task | undefined> {
  const [last] = await server.exports.list(signal);
  return last;
}
