import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../../src/journal/observations.js';
import { createLoadFigures } from '../../../src/orchestrator/workloads/load-figures.js';

function exchange(part: Partial<Exchange>): Exchange {
  return {
    kind: 'exchange',
    link: 'load->gateway-1',
    from: 'load',
    to: 'gateway-1',
    connection: 1,
    ordinal: 1,
    method: 'GET',
    path: '/',
    startMs: 1_000,
    endMs: 1_010,
    end: 'complete',
    bytesUp: 0,
    bytesDown: 0,
    ...part,
  };
}

describe('load figures', () => {
  it('counts answers of any status as answered, and all other ends as failed', () => {
    const figures = createLoadFigures({ samplesFromMs: 0 });
    for (const part of [{ status: 200 }, { status: 503 }, { end: 'timeout' }, { end: 'upstreamReset' }] as const)
      figures.ended(exchange(part));
    expect(figures.summary(3)).toMatchObject({ sent: 4, answered: 2, failed: 2, notSent: 0, lost: 3, notes: [] });
  });

  it('measures from the intended start, time-outs included and quick failures left out', () => {
    const figures = createLoadFigures({ samplesFromMs: 0 });
    for (let ms = 1; ms <= 98; ms++) figures.ended(exchange({ startMs: 0, endMs: ms }));
    figures.ended(exchange({ startMs: 0, endMs: 3_000, end: 'timeout' }));
    figures.ended(exchange({ startMs: 0, endMs: 3_000, end: 'timeout' }));
    figures.ended(exchange({ startMs: 0, endMs: 0.1, end: 'connectFailed' }));
    const { percentilesMs } = figures.summary(0);
    expect(percentilesMs['p50']).toBeCloseTo(50, 0);
    expect(percentilesMs['p99']).toBeGreaterThan(2_990);
    expect(percentilesMs['max']).toBeGreaterThanOrEqual(percentilesMs['p99.9'] ?? Number.NaN);
  });

  it('takes no sample from the warm-up', () => {
    const figures = createLoadFigures({ samplesFromMs: 2_000 });
    figures.ended(exchange({ startMs: 1_999, endMs: 9_000 }));
    expect(figures.summary(0)).toMatchObject({ sent: 1, percentilesMs: {} });
  });

  it('keeps the largest lateness', () => {
    const figures = createLoadFigures({ samplesFromMs: 0 });
    for (const lateMs of [0.2, 4, 1]) figures.sent(lateMs);
    expect(figures.summary(0).lateMsMax).toBe(4);
  });

  it('says that nothing was sent, or not all that was due', () => {
    expect(createLoadFigures({ samplesFromMs: 0 }).summary(0).notes).toEqual(['no request fell due']);
    const figures = createLoadFigures({ samplesFromMs: 0 });
    figures.notSent();
    figures.ended(exchange({ end: 'timeout' }));
    expect(figures.summary(0)).toMatchObject({ notSent: 1, notes: [expect.stringContaining('1 requests were not sent')] });
  });
});
