/**
 * Does everything that was put into a queue come out once? It has to be drained: only what an empty queue did not give is lost. The order in which things come out is not
 * looked at; `linearizable` with `fifoQueue` looks at it, of short histories.
 */
import { z } from 'zod';
import { grouped } from '../../core/grouped.js';
import { defineHistoryChecker, Findings, sumFact } from './checker.js';
import { describeOperation, isBefore, type Operation } from './operation.js';

export const queue = defineHistoryChecker({
  name: 'queue',
  summary: 'Demands that what was enqueued is dequeued once, when the queue has been drained; values are sent once only.',
  schema: z.strictObject({
    duplicates: z.enum(['allowed', 'forbidden']).default('forbidden').meta({ description: '`allowed`: at least once is enough' }),
  }),
  example: {},
  knows: () => ({ enqueue: { input: 'text', output: 'none' }, dequeue: { input: 'none', output: 'textOrNone' } }),
  check: ({ duplicates }, operations) => {
    const findings = new Findings();
    const sent = new Map<string, Operation>();
    for (const enqueue of operations.filter(({ f }) => f === 'enqueue')) {
      if (sent.has(String(enqueue.input)))
        return findings.result([], `${JSON.stringify(enqueue.input)} was enqueued twice, so nobody can tell them apart`);
      sent.set(String(enqueue.input), enqueue);
    }
    const dequeues = operations.filter(({ f, outcome }) => f === 'dequeue' && outcome === 'ok');
    const taken = takenBy(dequeues);
    const twice = tellTaken(taken, sent, duplicates === 'forbidden' ? findings : undefined);
    tellInvented(taken, sent, findings);
    // One whose answer got lost may have taken something with it.
    const inDoubt = operations.filter(({ f, outcome }) => f === 'dequeue' && outcome === 'unknown').length;
    const missing = missingOf(sent, taken, dequeues);
    if (missing.length > inDoubt) {
      for (const enqueue of missing)
        findings.add('lost', `${describeOperation(enqueue)} was acknowledged, and the queue was empty later`, [enqueue]);
    }
    const facts = [
      sumFact('enqueued', sent.size),
      sumFact('dequeued', taken.size),
      sumFact('lost', missing.length),
      sumFact('dequeued twice', twice),
    ];
    const isDrained = dequeues.some(({ output }) => output === null);
    return findings.result(facts, isDrained ? undefined : 'nobody found the queue empty, so what is missing may still be in it');
  },
});

function takenBy(dequeues: readonly Operation[]): ReadonlyMap<string, readonly Operation[]> {
  return grouped(
    dequeues.filter(({ output }) => output !== null),
    ({ output }) => String(output),
  );
}

function tellTaken(
  taken: ReadonlyMap<string, readonly Operation[]>,
  sent: ReadonlyMap<string, Operation>,
  findings: Findings | undefined,
): number {
  const twice = [...taken].filter(([value, dequeues]) => dequeues.length > 1 && sent.has(value));
  for (const [value, dequeues] of twice) {
    findings?.add('duplicated', `${JSON.stringify(value)} was enqueued once and dequeued ${dequeues.length} times`, dequeues);
  }
  return twice.length;
}

function tellInvented(taken: ReadonlyMap<string, readonly Operation[]>, sent: ReadonlyMap<string, Operation>, findings: Findings): void {
  for (const [value, [first]] of taken) {
    const enqueue = sent.get(value);
    if (first === undefined || (enqueue !== undefined && enqueue.outcome !== 'failed' && !isBefore(first, enqueue))) continue;
    findings.add('unexpected', `${describeOperation(first)} gave what had not been enqueued`, [first]);
  }
}

/** Acknowledged before the queue was last found empty, and never seen again. */
function missingOf(sent: ReadonlyMap<string, Operation>, taken: ReadonlyMap<string, unknown>, dequeues: readonly Operation[]): Operation[] {
  const empty = dequeues.findLast(({ output }) => output === null);
  if (empty === undefined) return [];
  return [...sent].flatMap(([value, enqueue]) =>
    enqueue.outcome === 'ok' && !taken.has(value) && isBefore(enqueue, empty) ? [enqueue] : [],
  );
}
