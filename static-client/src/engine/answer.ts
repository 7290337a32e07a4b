import type { Answer, Request } from './messages';
import { EngineSession } from './session';

/** Answers requests; `prepare` does a piece of what later ones are likely to need, and tells whether there is more. */
export interface Answerer {
  (request: Request): Answer;
  prepare(): boolean;
}

/** Answers the worker's requests over one session, which `open` replaces. */
export function createAnswerer(): Answerer {
  let session: EngineSession | undefined;
  const answer = (request: Request): Answer => {
    try {
      if (request.method === 'open') session = new EngineSession(...request.args);
      return { id: request.id, result: call(session, request) };
    } catch (error) {
      return { id: request.id, error: error instanceof Error ? error.message : String(error) };
    }
  };
  return Object.assign(answer, { prepare: () => session?.prepare() ?? false });
}

function call(session: EngineSession | undefined, request: Request): unknown {
  if (!session) throw new Error('No report is open.');
  switch (request.method) {
    case 'open':
      return session.view();
    case 'add':
      return session.add(...request.args);
    case 'define':
      return session.define(...request.args);
    case 'refresh':
      return session.refresh();
    case 'rows':
      return session.rows(...request.args);
    case 'toggle':
      return session.toggle(...request.args);
    case 'expand':
      return session.expand(...request.args);
    case 'tellApart':
      return session.tellApart(...request.args);
  }
}
