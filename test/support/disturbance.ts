/**
 * What is in the way on real wires, laid over a simulated history: caches that answer, requests that are lost on their way in, errors without a fault, jitter
 * and stalls. What belongs together, by its token, is disturbed together.
 */
import { drawStream, keyedDraw } from '../../src/core/random.js';
import { LOAD } from '../../src/journal/observations.js';
import type { HistoryExchange } from './histories.js';

/** Half of the errors happen before the caller, half at the callee. */
const ERROR_RATIO = 0.01;
const CACHED_RATIO = 0.03;
const JITTER_MS = 4;
const STALL_MS = 100;
/** One stall in five seconds. */
const STALL_EVERY_MS = 5_000;

/** The same history, disturbed. Only what has no `applied` fails without a fault, so that the fault’s own doing stays what it was. */
export function disturbed(exchanges: readonly HistoryExchange[], seed: number): HistoryExchange[] {
  const draw = drawStream(keyedDraw({ seed, faultId: 'disturbance' }), 'exchange');
  const stallsMs = Array.from({ length: 100 }, (_, i) => (i + draw()) * STALL_EVERY_MS);
  const groups = new Map<string | HistoryExchange, HistoryExchange[]>();
  for (const one of exchanges) groups.set(one.token ?? one, [...(groups.get(one.token ?? one) ?? []), one]);
  return [...groups.values()].flatMap((group) => disturb(group, { draw, stallsMs }));
}

function disturb(
  group: readonly HistoryExchange[],
  { draw, stallsMs }: { draw: () => number; stallsMs: readonly number[] },
): HistoryExchange[] {
  const fate = draw();
  const front = group.find(({ from }) => from === LOAD);
  const startMs = front?.startMs ?? group[0]?.startMs ?? 0;
  const stalledMs = stallsMs.find((fromMs) => startMs >= fromMs && startMs < fromMs + STALL_MS);
  const lateMs = draw() * JITTER_MS + (stalledMs === undefined ? 0 : stalledMs + STALL_MS - startMs);
  if (front !== undefined && fate < ERROR_RATIO / 2) return [{ ...front, endMs: startMs + 2, end: 'upstreamReset', status: 502 }];
  const isAsked = group.length > 1;
  if (front !== undefined && isAsked && fate < ERROR_RATIO / 2 + CACHED_RATIO)
    return [{ ...front, endMs: startMs + 1, status: 200, end: 'complete' }];
  const isFailing = fate > 1 - ERROR_RATIO / 2 && group.every(({ applied }) => applied === undefined);
  return group.map((one) => {
    const failed = isFailing ? { status: one === front ? 502 : 503 } : {};
    const { endMs, responseStartMs, requestEndMs } = one;
    return {
      ...one,
      ...failed,
      // The load sends in time, whatever comes behind it.
      startMs: one === front ? startMs : one.startMs + lateMs,
      ...(endMs !== undefined && { endMs: endMs + lateMs }),
      ...(responseStartMs !== undefined && { responseStartMs: responseStartMs + lateMs }),
      ...(requestEndMs !== undefined && { requestEndMs: requestEndMs + lateMs }),
    };
  });
}
