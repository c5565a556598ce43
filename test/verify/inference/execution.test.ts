/** What the wire tells of whether a callee did its work, with faults in between that write answers of their own. */
import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../../src/journal/observations.js';
import { executionOf, rewritings } from '../../../src/verify/inference/execution.js';
import { exchange, type HistoryFault, recordOf } from '../../support/histories.js';

const isAccepted = (status: number): boolean => status === 200;

/** Of a request that was answered 503 while a fault was on. */
function under(fault: Partial<HistoryFault>, given: Partial<Exchange> = {}): string {
  const step = { step: 's', fromMs: 8_000, toMs: 9_000, instances: ['payments-1'], ...fault };
  const isRewritten = rewritings(recordOf({ exchanges: [], faults: [step] }));
  const asked = exchange({ from: 'a', to: 'payments-1', startMs: 8_100, requestEndMs: 8_101, status: 503, applied: ['r/s'], ...given });
  return executionOf({ ...asked, n: 1 }, { isAccepted, isRewritten });
}

describe('whether it was done', () => {
  it('is not known where a fault that acts on answers may have turned a success into a failure', () => {
    expect(under({ performs: 'statusFlip', phases: ['down'] })).toBe('unknown');
    expect(under({ performs: 'abort', phases: ['up', 'down'] })).toBe('unknown');
    expect(under({}), 'of an old journal').toBe('unknown');
    expect(under({ phases: ['up'] }, { applied: ['by-hand'] })).toBe('unknown');
  });

  it('is known of what a fault answered on the way up, and of what it lost', () => {
    expect(under({ performs: 'abort', phases: ['up'] })).toBe('notDone');
    expect(under({ performs: 'statusFlip', phases: ['down'] }, { applied: [] })).toBe('notDone');
    const lost = { performs: 'responseLoss', phases: ['down'] } as const;
    expect(under(lost, { status: 200, end: 'faultReset' })).toBe('done');
    expect(under(lost, { status: 409, end: 'faultReset' })).toBe('notDone');
  });

  it('is not known of a failure that was turned into a success', () => {
    expect(under({ performs: 'statusFlip', phases: ['down'] }, { status: 200 })).toBe('unknown');
  });
});
