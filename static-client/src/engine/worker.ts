/** The engine's Web Worker: issues live here and nowhere else, and end with it. */
import { createAnswerer } from './answer';
import type { Request } from './messages';

/** Without a call for so long, the worker gets ready for the next. */
const IDLE_MS = 250;

const answer = createAnswerer();
let waiting: ReturnType<typeof setTimeout> | undefined;

/** A piece at a time, so that no call waits for more than one. */
function prepare(): void {
  if (answer.prepare()) waiting = setTimeout(prepare, 0);
}

self.addEventListener('message', (event: MessageEvent<Request>) => {
  clearTimeout(waiting);
  self.postMessage(answer(event.data));
  waiting = setTimeout(prepare, IDLE_MS);
});
