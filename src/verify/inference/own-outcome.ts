/** What a callee itself said to a request. An answer that a fault may have made or changed is not its own, however it looks. */
import type { RecordedExchange, RunRecord } from '../../journal/record.js';

/** `untold`: nobody saw the callee's own answer, so what was asked may have been done or not. */
export type OwnOutcome = 'accepted' | 'refused' | 'failed' | 'untold';

/** Answers that say nothing about whether it may be done: too slow, too many. */
const NO_REFUSALS: readonly number[] = [408, 429];

interface Meant {
  /** Statuses of what was done; all 2xx if undefined. */
  readonly accepted: readonly number[] | undefined;
  /** Faults that change when a message passes, and nothing of what it says. */
  readonly onlyWait?: readonly string[];
}

export function ownOutcomes(
  { faults }: Pick<RunRecord, 'faults'>,
  { accepted, onlyWait = ['hold', 'delay'] }: Meant,
): (exchange: RecordedExchange) => OwnOutcome {
  const harmless = new Set(faults.filter(({ planned }) => onlyWait.includes(planned.performs)).map(({ fault }) => fault));
  return ({ status, applied, responseStartMs, end }) => {
    if (status === undefined || responseStartMs === undefined || applied?.some((fault) => !harmless.has(fault))) return 'untold';
    if (accepted === undefined ? status >= 200 && status < 300 : accepted.includes(status)) return 'accepted';
    return status >= 400 && status < 500 && !NO_REFUSALS.includes(status) && end === 'complete' ? 'refused' : 'failed';
  };
}
