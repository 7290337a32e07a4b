/** The engine's Web Worker: issues live here and nowhere else, and end with it. */
import { createAnswerer } from './answer';
import type { Request } from './messages';

const answer = createAnswerer();

self.addEventListener('message', (event: MessageEvent<Request>) => {
  self.postMessage(answer(event.data));
});
