/**
 * What a failure detector would have made of the answers that a caller got: each is a sign of life, and each request is a question with an end. What a
 * reader gets wrong: where nobody calls there are no answers either, and a detector suspects; it needs callers, or health checks, that never rest.
 */
import type { Exchange } from '../../journal/observations.js';
import { isSuccess } from '../../journal/observations.js';
import type { Window } from '../../journal/record.js';
import { type ChosenDetector, openWatch } from '../detectors/choice.js';
import type { Turn } from '../detectors/quality.js';

/** How often the detector is asked; what it turns to is known to that resolution. */
export const ASK_EVERY_MS = 50;
/** Answers that come closer together are one sign of life: a history of so many heartbeats is to reach back for seconds. */
const APART_MS = 10;

/** What a caller lived through with one request. */
export type Heard = Pick<Exchange, 'responseStartMs' | 'endMs' | 'status' | 'grpcStatus' | 'end'>;

interface Happening {
  atMs: number;
  succeeded: boolean;
}

/** When it changes its mind about one instance, by requests to it in any order. Begins trusting, with the window. */
export function suspicionTurns(chosen: ChosenDetector, requests: Iterable<Heard>, { fromMs, toMs }: Window): Turn[] {
  const { watch, asks } = openWatch(chosen, fromMs);
  const happenings = [...requests].flatMap((request) => happeningOf(request, asks)).sort((a, b) => a.atMs - b.atMs);
  const turns: Turn[] = [];
  let suspected = false;
  let [next, sequence, lastMs] = [0, 0, Number.NEGATIVE_INFINITY];
  const ask = (nowMs: number): void => {
    const now = watch.status(nowMs).suspected;
    if (now !== suspected) turns.push({ atMs: nowMs, suspected: now });
    suspected = now;
  };
  for (let nowMs = fromMs + ASK_EVERY_MS; nowMs <= toMs; nowMs += ASK_EVERY_MS) {
    for (let one = happenings[next]; one !== undefined && one.atMs <= nowMs; one = happenings[++next]) {
      if (asks) watch.observe({ kind: 'probe', succeeded: one.succeeded }, one.atMs);
      else if (one.atMs - lastMs >= APART_MS) {
        watch.observe({ kind: 'heartbeat', sequence: sequence++ }, one.atMs);
        lastMs = one.atMs;
      }
    }
    ask(nowMs);
  }
  return turns;
}

/** An answer is heard as its head comes; a question has ended when nobody waits any more. */
function happeningOf(request: Heard, asks: boolean): Happening[] {
  const { responseStartMs, endMs } = request;
  if (asks) return [{ atMs: endMs, succeeded: isSuccess(request) }];
  return responseStartMs === undefined ? [] : [{ atMs: responseStartMs, succeeded: true }];
}
