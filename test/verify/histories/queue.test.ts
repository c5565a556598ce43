import { describe, expect, it } from 'vitest';
import type { Operation } from '../../../src/verify/histories/operation.js';
import { seeds } from '../../support/simulated-cycles.js';
import { changed, drawOf, isDone, judged, pick, queueCopy, simulateHistory } from '../../support/simulated-histories.js';

const COUNT = 80;

describe('queue', () => {
  it('finds nothing in 500 good histories, and everything that was lost, given twice or invented', () => {
    const verdicts = { good: new Set<string>(), lost: new Set<string>(), twice: new Set<string>(), invented: new Set<string>() };
    for (const seed of seeds(500)) {
      const draw = drawOf(seed + 1_000_000);
      const good = simulateHistory({
        seed,
        copy: queueCopy({ dequeueRatio: 0.3, stepsMax: COUNT / 3 }),
        count: COUNT,
        stretchMs: 1 + (seed % 9),
        lostRatio: seed % 2 === 0 ? 0.03 : 0,
      });
      verdicts.good.add(judged('queue', good).verdict);
      const sent = new Set(good.filter((one) => one.f === 'enqueue' && isDone(one)).map((one) => one.input));
      const taken = pick(
        good.filter((one) => one.f === 'dequeue' && isDone(one) && sent.has(one.output ?? '')),
        draw,
      );
      const empty = good.find((one) => one.f === 'dequeue' && one.output === null && one.startMs > COUNT / 3 + 9);
      if (taken === undefined || empty === undefined) continue;
      verdicts.invented.add(judged('queue', changed(good, taken.id, { output: 'ghost' })).verdict);
      verdicts.twice.add(judged('queue', changed(good, empty.id, { output: taken.output ?? null })).verdict);
      // Where the answer to a dequeue got lost, what is missing may have gone with it.
      const isSure = !good.some((one) => one.f === 'dequeue' && one.outcome === 'unknown');
      if (isSure)
        verdicts.lost.add(
          judged(
            'queue',
            good.filter((one) => one !== taken),
          ).verdict,
        );
    }
    const bad = new Set(['invalid']);
    expect(verdicts).toEqual({ good: new Set(['valid']), lost: bad, twice: bad, invented: bad });
  }, 60_000);

  const step = (id: number, f: string, value: string | null): Operation => ({
    id,
    process: 'p',
    key: '',
    f,
    outcome: 'ok',
    startMs: id,
    endMs: id + 0.5,
    ...(f === 'enqueue' ? { input: value } : { output: value }),
  });

  it('leaves open what may still be in it, and counts what one lost answer may have taken', () => {
    expect(judged('queue', [step(1, 'enqueue', 'a')])).toMatchObject({
      verdict: 'unknown',
      reason: expect.stringContaining('nobody found the queue empty'),
    });
    const lost: Operation = { id: 2, process: 'q', key: '', f: 'dequeue', outcome: 'unknown', startMs: 2, endMs: Number.POSITIVE_INFINITY };
    expect(judged('queue', [step(1, 'enqueue', 'a'), lost, step(3, 'dequeue', null)]).verdict).toBe('valid');
    expect(judged('queue', [step(0, 'enqueue', 'b'), step(1, 'enqueue', 'a'), lost, step(3, 'dequeue', null)]).verdict).toBe('invalid');
  });

  it('lets things come twice where that is allowed', () => {
    const twice = [step(1, 'enqueue', 'a'), step(2, 'dequeue', 'a'), step(3, 'dequeue', 'a'), step(4, 'dequeue', null)];
    expect(judged('queue', twice).anomalies[0]).toMatchObject({ kind: 'duplicated', operations: [2, 3] });
    expect(judged('queue', twice, { duplicates: 'allowed' }).verdict).toBe('valid');
    expect(judged('queue', [step(1, 'enqueue', 'a'), step(2, 'enqueue', 'a')]).verdict).toBe('unknown');
  });
});
