import { describe, expect, it } from 'vitest';
import { isBefore, type Operation } from '../../../src/verify/histories/operation.js';
import { seeds } from '../../support/simulated-cycles.js';
import { changed, drawOf, isDone, judged, pick, readAt, setCopy, simulateHistory } from '../../support/simulated-histories.js';

const lastRead = (operations: readonly Operation[]): Operation | undefined => operations.findLast((one) => one.f === 'read' && isDone(one));
const without = (read: Operation, element: unknown): readonly string[] =>
  (read.output as readonly string[]).filter((one) => one !== element);

describe('set', () => {
  it('finds nothing in 500 good histories, and every element that was dropped, invented or missed', () => {
    const verdicts = { good: new Set<string>(), lost: new Set<string>(), invented: new Set<string>(), late: new Set<string>() };
    for (const seed of seeds(500)) {
      const draw = drawOf(seed + 1_000_000);
      const good = simulateHistory({ seed, copy: setCopy({ readRatio: 0.1 }), count: 80, stretchMs: 1 + (seed % 9) });
      const read = lastRead(good);
      if (read === undefined) continue;
      verdicts.good.add(judged('set', good, { stale: 'forbidden' }).verdict);
      const add = pick(
        good.filter((one) => one.f === 'add' && isDone(one) && isBefore(one, read)),
        draw,
      );
      if (add === undefined) continue;
      verdicts.lost.add(judged('set', changed(good, read.id, { output: without(read, add.input) })).verdict);
      verdicts.invented.add(judged('set', changed(good, read.id, { output: [...without(read, ''), 'ghost'] })).verdict);
      const earlier = good.find((one) => one.f === 'read' && isDone(one) && one.id !== read.id && isBefore(add, one));
      if (earlier === undefined) continue;
      const late = changed(good, earlier.id, { output: without(earlier, add.input) });
      verdicts.late.add(`${judged('set', late).verdict} ${judged('set', late, { stale: 'forbidden' }).verdict}`);
    }
    const bad = new Set(['invalid']);
    expect(verdicts).toEqual({ good: new Set(['valid']), lost: bad, invented: bad, late: new Set(['valid invalid']) });
  }, 60_000);

  const add = (id: number, outcome: Operation['outcome'], startMs = id): Operation => ({
    id,
    process: `p${id}`,
    key: '',
    f: 'add',
    input: `e${id}`,
    outcome,
    startMs,
    endMs: outcome === 'unknown' ? Number.POSITIVE_INFINITY : startMs + 0.5,
  });

  it('lets what timed out be there or not, and counts it as recovered', () => {
    const result = judged('set', [add(1, 'ok'), add(2, 'unknown'), add(3, 'unknown'), readAt(9, ['e1', 'e2'])]);
    expect(result.verdict).toBe('valid');
    expect(result.facts.map(({ name, value }) => [name, value])).toEqual([
      ['acknowledged', 1],
      ['lost', 0],
      ['recovered', 1],
      ['missed for a while', 0],
    ]);
  });

  it('objects to what was refused and is there, and to what was seen before it was sent', () => {
    expect(judged('set', [add(1, 'failed'), readAt(9, ['e1'])]).anomalies[0]?.kind).toBe('unexpected');
    expect(judged('set', [add(20, 'ok'), readAt(9, ['e20'])]).anomalies[0]?.kind).toBe('unexpected');
  });

  it('judges nothing that nobody read in the end', () => {
    expect(judged('set', [add(1, 'ok')]).verdict).toBe('unknown');
  });
});
