/** Looks into a request's body before anything of the request goes on. What it has read is handed on with what it has found; it always ends, within bounds. */
import type { Http2Stream } from 'node:http2';
import type { Clock } from '../../core/clock.js';
import { Alarm } from '../alarm.js';
import type { RequestHead } from '../faults/fault.js';
import { mayBeJson, READ_BYTES_MAX, type RequestBody, readRequestBody } from '../faults/request-body.js';
import { PEEK_MS_MAX } from '../http/body-peek.js';
import { GrowingBytes } from '../http/growing-bytes.js';

/** What of a body was read before its turn. */
export interface EarlyBody {
  bytes: readonly Buffer[];
  hasEnded: boolean;
}

/** Whether it is worth waiting for: a caller that waits to be asked for its body would wait for ever. */
export function isWorthPeeking(request: RequestHead): boolean {
  const lengthBytes = Number(request.header('content-length') ?? 0);
  return request.header('expect') === undefined && lengthBytes <= READ_BYTES_MAX && mayBeJson(request);
}

/** Calls `done` once: when the body is whole, too large, or too slow. The source is paused then. Returns what ends it without an answer. */
export function peekBody(source: Http2Stream, clock: Clock, done: (found: RequestBody, early: EarlyBody) => void): () => void {
  const bytes: Buffer[] = [];
  let byteCount = 0;
  const alarm = new Alarm(clock, () => finish(false));
  const add = (part: Buffer): void => {
    bytes.push(part);
    byteCount += part.length;
    if (byteCount > READ_BYTES_MAX) finish(false);
  };
  const ended = (): void => finish(true);
  const stop = (): void => {
    alarm.cancel();
    source.off('data', add);
    source.off('end', ended);
  };
  const finish = (hasEnded: boolean): void => {
    stop();
    source.pause();
    done(hasEnded ? readRequestBody(Buffer.concat(bytes)) : { kind: 'unread' }, { bytes, hasEnded });
  };
  alarm.set(clock.nowMs() + PEEK_MS_MAX);
  source.on('data', add);
  source.once('end', ended);
  return stop;
}

/** A body that is read as it passes by, for which nothing waits; one that is too large is given up. */
export class WatchedBody {
  readonly #bytes = new GrowingBytes();
  #isTooLarge = false;

  add(bytes: Buffer): void {
    if (this.#isTooLarge) return;
    this.#bytes.add(bytes);
    if (this.#bytes.length <= READ_BYTES_MAX) return;
    this.#isTooLarge = true;
    this.#bytes.take();
  }

  /** It is whole. */
  take(): RequestBody {
    return this.#isTooLarge ? { kind: 'unread' } : readRequestBody(this.#bytes.take());
  }
}
