import { useCallback, useEffect, useRef, useState } from 'react';
import type { Import } from '../../server/imports';
import { Problem } from '../../server/problem';
import type { Server } from '../../server/server';
import { useApp } from '../shell/app';
import { isAbort } from '../text/explain';
import { currentOf, isOpen, type Stage, stageOf } from './import-stage';
import { fileFault, sendMissing, sha256 } from './import-upload';

/** A file that a person chose, and what tells it from others. */
export interface ChosenFile {
  readonly file: File;
  readonly sha256: string;
}

export interface ImportInView {
  readonly stage: Stage;
  /** The import that is open, else the last one. */
  readonly task: Import | undefined;
  readonly chosen: ChosenFile | undefined;
  /** Why the file cannot be one to import. */
  readonly fault: string | undefined;
  /** Bytes of the file that the server has. */
  readonly sent: number;
  readonly error: unknown;
  /** The import that was shown is not there any more. */
  readonly gone: boolean;
  /** Something was asked of the server. */
  readonly busy: boolean;
  choose(file: File | undefined): void;
  /** Sends what the server lacks of the chosen file, then has it checked. */
  send(): void;
  check(): void;
  apply(): void;
  /** Cancels the import that is open, or puts the file away. */
  remove(): void;
  /** Looks again. */
  again(): void;
}

const POLL_MILLISECONDS = 1000;

/** The site's import: found when the page opens, followed while the server works on it. */
export function useImport(): ImportInView {
  const { imports } = useApp().server;
  const { task, setTask, error, busy, gone, carryOut, again, page } = useTask(imports);
  const { chosen, fault, choose } = useChosenFile();
  const [sent, setSent] = useState<number>();
  const sending = useRef<AbortController>();
  const open = task && isOpen(task) ? task : undefined;
  const ended = open ? undefined : task?.id;
  useEffect(() => {
    if (ended) {
      choose(undefined);
    }
  }, [ended, choose]);

  const send = async (file: File) => {
    const stop = new AbortController();
    sending.current = stop;
    setSent(0);
    try {
      const begun = open ? await imports.read(open.id, stop.signal) : await imports.begin();
      setTask(begun);
      const signal = AbortSignal.any([stop.signal, page.current.signal]);
      await sendMissing({ imports, id: begun.id, file, has: begun.parts, signal, onProgress: setSent });
      return await imports.check(begun.id);
    } finally {
      setSent(undefined);
    }
  };
  const remove = async () => {
    sending.current?.abort();
    choose(undefined);
    if (open) {
      await imports.remove(open.id);
    }
    return currentOf(await imports.list(page.current.signal));
  };
  return {
    stage: stageOf({ task, hasFile: chosen !== undefined, isSending: sent !== undefined }),
    task,
    chosen,
    fault,
    sent: sent ?? 0,
    error,
    gone,
    busy,
    choose,
    send: () => chosen && void carryOut(() => send(chosen.file)),
    check: () => open && void carryOut(() => imports.check(open.id)),
    apply: () => open && void carryOut(() => imports.apply(open.id)),
    remove: () => void carryOut(remove),
    again,
  };
}

/** Somebody else has gone on with the import, or removed it. */
function isOvertaken(problem: unknown): problem is Problem {
  return problem instanceof Problem && (problem.status === 404 || problem.status === 409);
}

/** The import's record and the work on it, one piece at a time; looked at again while the server is at it. */
function useTask(imports: Server['imports']) {
  const [task, setTask] = useState<Import>();
  const [error, setError] = useState<unknown>();
  const [gone, setGone] = useState(false);
  const [busy, setBusy] = useState(true);
  const page = useRef(new AbortController());

  const carryOut = useCallback(
    async (work: () => Promise<Import | undefined>) => {
      setBusy(true);
      setError(undefined);
      setGone(false);
      try {
        setTask(await work());
      } catch (problem) {
        const isGone = isOvertaken(problem) && problem.status === 404;
        setGone(isGone);
        setError(isGone || isAbort(problem) ? undefined : problem);
        if (isOvertaken(problem)) {
          await imports.list(page.current.signal).then((found) => setTask(currentOf(found)), setError);
        }
      } finally {
        setBusy(false);
      }
    },
    [imports],
  );
  const again = useCallback(
    () => void carryOut(async () => currentOf(await imports.list(page.current.signal))),
    [imports, carryOut],
  );
  useEffect(() => {
    page.current = new AbortController();
    again();
    return () => page.current.abort();
  }, [again]);

  const working = task?.state === 'queued' || task?.state === 'running';
  useEffect(() => {
    if (!working || busy || error !== undefined) {
      return undefined;
    }
    const look = () => void carryOut(() => imports.read(task.id, page.current.signal));
    const timer = setTimeout(look, POLL_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [working, busy, task, error, imports, carryOut]);
  return { task, setTask, error, busy: busy && !working, gone, carryOut, again, page };
}

/** The file that a person chose, looked at before anything of it is sent. */
function useChosenFile() {
  const [chosen, setChosen] = useState<ChosenFile>();
  const [fault, setFault] = useState<string>();
  const look = useCallback(async (file: File) => {
    try {
      const wrong = await fileFault(file);
      setFault(wrong);
      setChosen(wrong ? undefined : { file, sha256: await sha256(file) });
    } catch {
      setFault('This file cannot be read. Choose it again.');
    }
  }, []);
  const choose = useCallback(
    (file: File | undefined) => {
      setChosen(undefined);
      setFault(undefined);
      if (file) {
        void look(file);
      }
    },
    [look],
  );
  return { chosen, fault, choose };
}
