/**
 * A narrow place in a stream. Bytes wait in a queue and leave in slices, each when its last byte would have come through; lateness of a timer is
 * made up for by the next slice, so the mean is exact. Idle time earns no credit, and the first bytes wait too.
 */
import type { TcpEffects, TcpTransform } from './fault.js';

/** Toxiproxy's: what is sent to a slow link comes out in tenths of a second. */
const SLICE_MS = 100;
/** Far less than what may be held: when a slice goes, the next one must stand there already, or time on the link is lost. */
const SLICE_BYTES_MAX = 64 * 1024;
/** Where many take turns, a turn must be short. */
const SHARED_SLICE_MS = 10;

/** What all that go through one narrow place have in common. */
export interface Place {
  /** When all that has a slice planned will have come through. */
  freeAtMs: number;
}

export const createPlace = (): Place => ({ freeAtMs: 0 });

/** Lets `bytesPerSecond` through; those that share a `place` take turns. At 0 nothing gets through, and no timer runs. */
export function narrowPlace({ bytesPerSecond, place }: { bytesPerSecond: number; place: Place | undefined }): TcpTransform {
  const bytesPerMs = bytesPerSecond / 1_000;
  const sliceMs = place === undefined ? SLICE_MS : SHARED_SLICE_MS;
  const sliceBytes = Math.min(SLICE_BYTES_MAX, Math.max(1, Math.floor(bytesPerMs * sliceMs)));
  const own = place ?? createPlace();
  let slice: { byteCount: number; dueMs: number } | undefined;

  /** Takes a place for the next slice. What stood in the queue all the time counts from when the last one was due, not from when it went. */
  const plan = (effects: TcpEffects, sinceMs: number): void => {
    if (bytesPerMs === 0 || effects.heldBytes === 0) return;
    const byteCount = Math.min(sliceBytes, effects.heldBytes);
    own.freeAtMs = Math.max(own.freeAtMs, sinceMs) + byteCount / bytesPerMs;
    slice = { byteCount, dueMs: own.freeAtMs };
    effects.tickIn(Math.max(0, slice.dueMs - effects.nowMs));
  };

  return (signal, effects) => {
    if (signal.kind !== 'tick') effects.pass(signal.kind === 'data' || effects.heldBytes > 0 ? Number.POSITIVE_INFINITY : 0);
    const done = signal.kind === 'tick' ? slice : undefined;
    if (done !== undefined) {
      slice = undefined;
      effects.release(done.byteCount);
    }
    if (slice === undefined) plan(effects, done?.dueMs ?? effects.nowMs);
  };
}
