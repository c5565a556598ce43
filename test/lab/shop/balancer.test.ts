import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBalancer } from '../../../src/lab/shop/balancer.js';
import { defaultEjectionPolicy as ejection } from '../../../src/lab/shop/ejection.js';

/** Sends `count` requests at one instant; hosts in `bad` fail. Returns how many each host got. */
function send(balancer: ReturnType<typeof createBalancer>, count: number, nowMs: number, bad: ReadonlySet<number> = new Set()): number[] {
  const shares: number[] = [];
  for (let i = 0; i < count; i++) {
    const host = balancer.pick(nowMs);
    shares[host] = (shares[host] ?? 0) + 1;
    balancer.report(host, bad.has(host), nowMs);
  }
  return Array.from(shares, (share) => share ?? 0);
}

describe('balancer', () => {
  it('gives every host the same share', () => {
    expect(send(createBalancer({ hostCount: 5 }), 100, 0)).toEqual([20, 20, 20, 20, 20]);
  });

  it('stops calling a host after three errors and shares its load evenly among the others', () => {
    const balancer = createBalancer({ hostCount: 5, ejection });
    expect(send(balancer, 15, 0, new Set([2]))[2]).toBe(3);
    expect(send(balancer, 100, 1_000, new Set([2]))).toEqual([25, 25, 0, 25, 25]);
  });

  it('calls the host again when its time is served, and says so', () => {
    const changes: [number, string][] = [];
    const balancer = createBalancer({ hostCount: 5, ejection, onChange: (host, { kind }) => changes.push([host, kind]) });
    send(balancer, 15, 0, new Set([2]));
    expect(send(balancer, 100, 3_000)).toEqual([20, 20, 20, 20, 20]);
    expect(changes).toEqual([
      [2, 'out'],
      [2, 'in'],
    ]);
  });

  it('never takes out more than half of the hosts', () => {
    const balancer = createBalancer({ hostCount: 5, ejection });
    const shares = send(balancer, 200, 0, new Set([0, 1, 2, 3, 4]));
    expect(send(balancer, 30, 1_000).filter((share) => share > 0)).toHaveLength(3);
    expect(shares.reduce((sum, share) => sum + share)).toBe(200);
  });

  it('uses every host when all of them are out', () => {
    const balancer = createBalancer({ hostCount: 2, ejection: { ...ejection, outRatioMax: 1 } });
    send(balancer, 6, 0, new Set([0, 1]));
    expect(send(balancer, 10, 1_000)).toEqual([5, 5]);
  });

  it('keeps calling a bad host when ejection is off', () => {
    expect(send(createBalancer({ hostCount: 5 }), 100, 0, new Set([2]))[2]).toBe(20);
  });

  it('picks a host that exists and keeps half of them in, whatever happens', () => {
    const step = fc.record({ failed: fc.boolean(), passMs: fc.integer({ min: 0, max: 4_000 }) });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(step, { maxLength: 200 }), (hostCount, steps) => {
        const out = new Set<number>();
        const onChange = (host: number, { kind }: { kind: 'in' | 'out' }) => (kind === 'out' ? out.add(host) : out.delete(host));
        const balancer = createBalancer({ hostCount, ejection, onChange });
        let nowMs = 0;
        for (const { failed, passMs } of steps) {
          nowMs += passMs;
          const host = balancer.pick(nowMs);
          expect(host).toBeGreaterThanOrEqual(0);
          expect(host).toBeLessThan(hostCount);
          expect(out.has(host)).toBe(false);
          balancer.report(host, failed, nowMs);
          expect(out.size).toBeLessThanOrEqual(hostCount / 2);
        }
      }),
    );
  });
});
