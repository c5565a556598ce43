import { describe, expect, it } from 'vitest';
import { akkaPhi } from '../../../src/verify/detectors/akka-phi.js';
import type { Watch } from '../../../src/verify/detectors/detector.js';

describe('akkaPhi', () => {
  const beatsAt = (times: readonly number[], over = {}) => {
    const watch = akkaPhi.open(akkaPhi.schema.parse(over), 0);
    for (const [sequence, ms] of times.entries()) watch.observe({ kind: 'heartbeat', sequence }, ms);
    return watch;
  };
  const firstSuspectedMs = (watch: Watch, fromMs: number): number => {
    for (let ms = fromMs; ; ms++) if (watch.status(ms).suspected) return ms;
  };
  const steady = Array.from({ length: 1_002 }, (_, i) => i * 1_000);

  it('suspects 4.523 s after the last of a thousand steady heartbeats, and 11.580 s as a remote watch', () => {
    expect(firstSuspectedMs(beatsAt(steady), 1_001_000) - 1_001_000).toBe(4_523);
    const watch = { threshold: 10, maxSampleSize: 200, acceptableHeartbeatPause: '10s' };
    expect(firstSuspectedMs(beatsAt(steady, watch), 1_001_000) - 1_001_000).toBe(11_580);
  });

  it('suspects later after the first heartbeat, when it still guesses', () => {
    expect(firstSuspectedMs(beatsAt([0]), 0)).toBe(5_307);
  });

  it('suspects nobody it has never heard', () => {
    expect(beatsAt([]).status(1e9)).toEqual({ suspected: false, level: 0 });
  });

  it('has the phi of its own history', () => {
    const watch = beatsAt([0, ...Array.from({ length: 8 }, (_, i) => (i + 1) * 1_000)], { acceptableHeartbeatPause: '0s' });
    expect(watch.status(8_000 + 1_500).level * 8).toBeCloseTo(5.843997162518942, 9);
  });

  it('takes no gap of an unavailable node into its history', () => {
    const watch = beatsAt([...steady, 1_060_000, 1_061_000]);
    expect(firstSuspectedMs(watch, 1_061_000) - 1_061_000).toBe(4_523);
  });
});
