import { describe, expect, it } from 'vitest';
import type { RecordedPlan } from '../../src/journal/events.js';
import type { Exchange } from '../../src/journal/observations.js';
import { Traffic } from '../../src/orchestrator/traffic.js';
import { VirtualClock } from '../support/clock.js';

const plan = {
  services: [
    { name: 'gateway', instances: ['gateway-1'], probePaths: [] },
    { name: 'inventory', instances: ['inventory-1', 'inventory-2'], probePaths: [] },
  ],
} as unknown as RecordedPlan;

const exchange = (given: Partial<Exchange>): Exchange => ({
  kind: 'exchange',
  link: '',
  from: 'load',
  to: 'gateway-1',
  connection: 1,
  ordinal: 1,
  method: 'GET',
  path: '/',
  startMs: 0,
  endMs: 0,
  status: 200,
  end: 'complete',
  bytesUp: 0,
  bytesDown: 0,
  ...given,
});

describe('recent traffic', () => {
  it('is found by instance, by service and by caller, and forgotten after its window', () => {
    const clock = new VirtualClock({ startMs: 100_000 });
    const traffic = new Traffic(clock, plan);
    traffic.add(exchange({ endMs: 99_500 }));
    traffic.add(exchange({ from: 'gateway-1', to: 'inventory-1', endMs: 99_000 }));
    traffic.add(exchange({ from: 'gateway-1', to: 'inventory-2', endMs: 90_000 }));
    expect(traffic.recent({ to: 'inventory' }, 60_000)).toHaveLength(2);
    expect(traffic.recent({ to: 'inventory' }, 5_000)).toHaveLength(1);
    expect(traffic.recent({ from: 'gateway', to: 'inventory-2' }, 60_000)).toHaveLength(1);
    expect(traffic.recent({ from: 'load', to: 'inventory' }, 60_000)).toHaveLength(0);
    clock.advance(120_000);
    expect(traffic.recent({ to: 'gateway' }, 60_000)).toHaveLength(0);
  });

  it('of the baseline is kept when it has long been forgotten', () => {
    const clock = new VirtualClock({ startMs: 100_000 });
    const traffic = new Traffic(clock, plan);
    traffic.add(exchange({ endMs: 90_000 }));
    traffic.add(exchange({ endMs: 99_000 }));
    expect(traffic.baseline({ to: 'gateway' })).toHaveLength(0);
    traffic.keepBaseline(5_000);
    clock.advance(120_000);
    traffic.add(exchange({ endMs: 220_000 }));
    expect(traffic.baseline({ from: 'load', to: 'gateway' })).toMatchObject([{ endMs: 99_000 }]);
    expect(traffic.baseline({ to: 'inventory' })).toHaveLength(0);
  });

  it('counts as harmed what the front door failed to answer since the first fault', () => {
    const clock = new VirtualClock({ startMs: 1_000 });
    const traffic = new Traffic(clock, plan);
    traffic.add(exchange({ startMs: 900, endMs: 1_000, status: 503 }));
    traffic.countHarm();
    traffic.add(exchange({ startMs: 999, endMs: 1_100, status: 503 }));
    traffic.add(exchange({ startMs: 1_001, endMs: 1_100, status: 503 }));
    traffic.add(exchange({ startMs: 1_001, endMs: 1_100, status: 200 }));
    traffic.add(exchange({ startMs: 1_001, endMs: 1_100, end: 'timeout' }));
    traffic.add(exchange({ from: 'gateway-1', to: 'inventory-1', startMs: 1_001, endMs: 1_100, status: 503 }));
    expect(traffic.harmed).toBe(2);
  });
});
