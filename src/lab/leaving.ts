/** A signal that aborts when the caller has gone before its answer was whole. Work that goes on after that is done for nobody. */
import type { ServerResponse } from 'node:http';

export function leaving(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort(new Error('the caller has left'));
  });
  return controller.signal;
}
