import { describe, expect, test } from 'vitest';
import { ConnectionFaults } from '../../../../src/dataplane/connection-faults.js';
import { network } from '../../../../src/dataplane/faults/tcp/network.js';
import { Pipeline } from '../../../../src/dataplane/pipeline.js';
import { VirtualClock } from '../../../support/clock.js';
import { data, faultStages, RecordingSink } from '../../../support/pipeline.js';
import { activeFault } from '../../../support/tcp.js';

function pipelineOver(profile: string, direction: 'up' | 'down') {
  const clock = new VirtualClock();
  const sink = new RecordingSink();
  const pipeline = new Pipeline({ clock, heldBytesMax: 1024 * 1024, sink });
  pipeline.setStages(faultStages(network, { value: { profile }, direction, isNew: true }));
  return { clock, sink, pipeline };
}

describe('3G', () => {
  test('shifts what is sent by half its round trip, behind what the narrow place takes', () => {
    const { clock, sink, pipeline } = pipelineOver('3G', 'down');
    // 2,000 bytes at 1.6 Mbit/s take 10 ms.
    pipeline.push(data('x'.repeat(2_000)));
    clock.advance(159.9);
    expect(sink.bytes).toHaveLength(0);
    clock.advance(0.2);
    expect(sink.bytes).toHaveLength(2_000);
  });

  test('lets no more through than its rate, either way', () => {
    for (const [direction, bytesPerSecond] of [
      ['down', 200_000],
      ['up', 96_000],
    ] as const) {
      const { clock, sink, pipeline } = pipelineOver('3G', direction);
      pipeline.push(data('x'.repeat(900_000)));
      clock.advance(150 + 2_000);
      expect(sink.bytes.length).toBeGreaterThan(bytesPerSecond * 2 * 0.98);
      expect(sink.bytes.length).toBeLessThanOrEqual(bytesPerSecond * 2);
    }
  });
});

describe('on a connection', () => {
  const clock = new VirtualClock();
  const identity = { link: 'a->b', instance: 'b', connection: 1, startMs: 1_000, source: () => undefined };
  const idsOn = (on: ConnectionFaults, fault: ReturnType<typeof activeFault>, direction: 'up' | 'down') =>
    on.stages([fault], { isNew: false })[direction].map(({ id }) => id);

  test('it is one fault with several stages, decided on and counted once', () => {
    const fault = activeFault({ type: 'network', id: 'n', value: { profile: 'wifi' } }, { clock });
    const on = new ConnectionFaults(identity);
    expect(idsOn(on, fault, 'up')).toEqual(['n/bandwidth', 'n/loss', 'n/latency']);
    expect(idsOn(on, fault, 'down')).toEqual(['n/bandwidth', 'n/loss', 'n/latency']);
    expect(on.applied).toEqual(['n']);
    expect(fault.counts).toMatchObject({ matched: 1, applied: 1, skipped: 0, overflow: 0 });
  });

  test('it can be one way only', () => {
    const fault = activeFault({ type: 'network', id: 'n', direction: 'up', value: { profile: '3G' } }, { clock });
    const on = new ConnectionFaults(identity);
    expect([idsOn(on, fault, 'up'), idsOn(on, fault, 'down')]).toEqual([['n/bandwidth', 'n/latency'], []]);
  });

  test('it can become another network, in place where that is made of the same', () => {
    const fault = activeFault({ type: 'network', id: 'n', value: { profile: '3G' } }, { clock });
    const on = new ConnectionFaults(identity);
    idsOn(on, fault, 'up');
    fault.change({ value: { written: { profile: 'crossRegion' }, params: { profile: 'crossRegion' } } }, 0);
    expect(idsOn(on, fault, 'up')).toEqual(['n/latency']);
    expect(fault.counts.matched).toBe(1);
  });
});

test('a network that nobody knows is refused', () => {
  expect(network.schema.safeParse({ profile: '6G' }).success).toBe(false);
});
