/** What a callee itself said to a request. An answer that a fault may have made or changed is not its own, however it looks. */
import type { RecordedExchange, RunRecord } from '../../journal/record.js';

/** `untold`: nobody saw the callee's own answer, so what was asked may have been done or not. */
export type OwnOutcome = 'accepted' | 'refused' | 'failed' | 'untold';

/** Faults that change when a message passes, and nothing of what it says. */
const ONLY_WAITS: readonly string[] = ['hold', 'delay', 'latency', 'throttle', 'bandwidth', 'slicer', 'drip', 'noop'];
/** Answers that say nothing about whether it may be done: too slow, too many. */
const NO_REFUSALS: readonly number[] = [408, 429];

/** `accepted`: statuses of what was done; all 2xx if undefined. */
export function ownOutcomes(
  { faults }: Pick<RunRecord, 'faults'>,
  accepted?: readonly number[],
): (exchange: RecordedExchange) => OwnOutcome {
  const harmless = new Set(faults.filter(({ planned }) => ONLY_WAITS.includes(planned.performs)).map(({ fault }) => fault));
  return ({ status, applied, responseStartMs, end }) => {
    if (status === undefined || responseStartMs === undefined || applied?.some((fault) => !harmless.has(fault))) return 'untold';
    if (accepted === undefined ? status >= 200 && status < 300 : accepted.includes(status)) return 'accepted';
    return status >= 400 && status < 500 && !NO_REFUSALS.includes(status) && end === 'complete' ? 'refused' : 'failed';
  };
}
