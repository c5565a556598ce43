/**
 * Whether a callee did what it was asked, as far as the wire tells. An answer that got lost on its way back was still given; a request that
 * was delivered and never answered may or may not have been carried out; and an answer that a fault wrote or changed is no word of the callee's.
 */
import { isSuccess } from '../../journal/observations.js';
import type { RecordedExchange, RunRecord } from '../../journal/record.js';

export type Execution = 'done' | 'notDone' | 'unknown';

/** How a callee's answers are to be read. */
export interface Reading {
  /** Statuses by which the callee says that it has done it. */
  isAccepted: (status: number) => boolean;
  /** The status may be the word of a fault that acted when the callee had done its work. */
  isRewritten: (exchange: RecordedExchange) => boolean;
}

export function executionOf(exchange: RecordedExchange, { isAccepted, isRewritten }: Reading): Execution {
  const { status, end, applied = [] } = exchange;
  if (status !== undefined) {
    // A fault that answers in the callee's place, or changes what it says, does so in whole; one that loses the callee's answer does not.
    if (!isAccepted(status)) return end === 'complete' && isRewritten(exchange) ? 'unknown' : 'notDone';
    return applied.length > 0 && end === 'complete' ? 'unknown' : 'done';
  }
  return isDelivered(exchange) ? 'unknown' : 'notDone';
}

/** Answered, or sent whole to somebody who was there: whoever asks again may have it done twice. */
export function isDelivered({ status, end, requestEndMs }: RecordedExchange): boolean {
  const neverThere = end === 'connectFailed' || end === 'handshakeFailed' || end === 'malformedRequest';
  return status !== undefined || (!neverThere && requestEndMs !== undefined);
}

/** An answer that leaves nothing to ask for again: not refused either, as one is that comes too often. */
export function isGoodAnswer(exchange: RecordedExchange): boolean {
  const { status, grpcStatus = 0 } = exchange;
  return isSuccess(exchange) && status !== undefined && status < 400 && grpcStatus === 0;
}

/** For each exchange, whether a fault acted on its answer, so that the status may be the fault's. Of one of which that is not recorded, anything is possible. */
export function rewritings({ faults }: Pick<RunRecord, 'faults'>): Reading['isRewritten'] {
  const onRequests = new Set(faults.filter(({ planned }) => planned.phases?.includes('down') === false).map(({ fault }) => fault));
  return ({ applied = [] }) => applied.some((fault) => !onRequests.has(fault));
}
