/**
 * Whether a callee did what it was asked, as far as the wire tells. An answer that got lost on its way back was still given; a request that
 * was delivered and never answered may or may not have been carried out; and an answer that a fault wrote is no word of the callee's.
 */
import type { RecordedExchange } from '../../journal/record.js';

export type Execution = 'done' | 'notDone' | 'unknown';

/** `isAccepted`: statuses by which the callee says that it has done it. */
export function executionOf(exchange: RecordedExchange, isAccepted: (status: number) => boolean): Execution {
  const { status, end, applied = [], requestEndMs } = exchange;
  if (status !== undefined) {
    if (!isAccepted(status)) return 'notDone';
    // A fault that answers in the callee's place does so in whole; one that loses the callee's answer does not.
    return applied.length > 0 && end === 'complete' ? 'unknown' : 'done';
  }
  const neverThere = end === 'connectFailed' || end === 'handshakeFailed' || end === 'malformedRequest';
  return neverThere || requestEndMs === undefined ? 'notDone' : 'unknown';
}
