import { describe, expect, it } from 'vitest';
import { LabError } from '../../src/core/errors.js';
import type { Driver } from '../../src/orchestrator/drivers/driver.js';
import { LeaseKeeper } from '../../src/orchestrator/lease-keeper.js';
import { VirtualClock } from '../support/clock.js';

async function elapse(clock: VirtualClock, ms: number): Promise<void> {
  for (let passedMs = 0; passedMs < ms; passedMs += 100) {
    clock.advance(100);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function setUp(renew: (call: number) => Promise<void>) {
  const clock = new VirtualClock();
  const lost: unknown[] = [];
  let calls = 0;
  const driver = { renew: () => renew(++calls) } as unknown as Driver;
  const keeper = new LeaseKeeper({ clock, faults: driver, leaseMs: 10_000, onLost: (error) => lost.push(error) });
  return { clock, lost, keeper, calls: () => calls };
}
const silent = () => Promise.reject(new LabError('DAEMON_UNREACHABLE', { url: 'u', reason: 'r' }));

describe('the lease keeper', () => {
  it('renews several times a lease until it is disposed', async () => {
    const { clock, lost, keeper, calls } = setUp(() => Promise.resolve());
    await elapse(clock, 20_000);
    expect(calls()).toBe(8);
    keeper[Symbol.dispose]();
    await elapse(clock, 20_000);
    expect([calls(), lost, clock.pending]).toEqual([8, [], 0]);
  });

  it('forgives a hiccup that is shorter than the lease', async () => {
    const { clock, lost } = setUp((call) => (call === 2 || call === 3 ? silent() : Promise.resolve()));
    await elapse(clock, 30_000);
    expect(lost).toEqual([]);
  });

  it('gives up when the data plane has been silent for a lease', async () => {
    const { clock, lost } = setUp((call) => (call > 1 ? silent() : Promise.resolve()));
    await elapse(clock, 12_500);
    expect(lost).toEqual([]);
    await elapse(clock, 2_500);
    expect(lost).toMatchObject([{ code: 'DAEMON_UNREACHABLE' }]);
  });

  it('gives up at once when it is refused: somebody newer has the daemon', async () => {
    const { clock, lost } = setUp(() => Promise.reject(new LabError('EPOCH_STALE', { epoch: 1, newest: 2 })));
    await elapse(clock, 2_600);
    expect(lost).toMatchObject([{ code: 'EPOCH_STALE' }]);
  });
});
