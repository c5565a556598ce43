/** What nobody wants of a stream is read nevertheless, within bounds: its sender must not be stopped by a window that stays shut. */
import type { Http2Stream } from 'node:http2';
import type { Clock } from '../../core/clock.js';
import { Discard } from '../http/discard.js';

/** Reads and drops; `tooMuch` is called once if it goes on for too long. */
export function discardBody(clock: Clock, source: Http2Stream, tooMuch: () => void): void {
  if (source.destroyed) return;
  const discard = new Discard(clock, tooMuch);
  discard.start();
  source.on('data', (bytes: Buffer) => discard.add(bytes.length));
  source.once('end', () => discard.stop());
  source.once('close', () => discard.stop());
  source.resume();
}
