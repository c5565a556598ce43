import { describe, expect, it } from 'vitest';
import { open } from '../../../../src/orchestrator/workloads/models/open.js';

const start = (text: unknown) => open.open(open.schema.parse(text));
function due(arrivals: ReturnType<typeof start>, count: number): number[] {
  return Array.from({ length: count }, () => {
    const ms = arrivals.nextMs();
    arrivals.take();
    return ms;
  });
}

describe('the open model', () => {
  it('spaces requests evenly, whatever becomes of them', () => {
    expect(due(start({ rate: '150/s' }), 4)).toEqual([0, 1_000 / 150, 2_000 / 150, 20]);
  });

  it('goes through its stages: 10/s to 30/s in two seconds is 40 requests', () => {
    const arrivals = start({ rate: '10/s', stages: [{ rate: '30/s', over: '2s' }] });
    const inTime = due(arrivals, 80).filter((ms) => ms < 2_000);
    expect(inTime).toHaveLength(40);
    const gaps = inTime.slice(1).map((ms, i) => ms - (inTime[i] ?? 0));
    expect(gaps.every((gap, i) => i === 0 || gap < (gaps[i - 1] ?? 0))).toBe(true);
  });

  it('changes its rate without losing a request or sending one twice', () => {
    const arrivals = start({ rate: '10/s' });
    due(arrivals, 5);
    // Halfway to the sixth: the other half takes a tenth of the time at ten times the rate.
    arrivals.setLevel({ atMs: 450, level: 100 });
    expect(due(arrivals, 3)).toEqual([455, 465, 475]);
    arrivals.setLevel({ atMs: 480, level: 0 });
    expect(arrivals.nextMs()).toBe(Number.POSITIVE_INFINITY);
  });

  it('says what it does in a few words', () => {
    expect(open.words(open.schema.parse(open.example))).toBe('50 requests/s, to 200/s over 30.00s');
  });
});
