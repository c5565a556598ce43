import { describe, expect, test } from 'vitest';
import { bandwidth } from '../../../../src/dataplane/faults/tcp/bandwidth.js';
import { roughClock, VirtualClock } from '../../../support/clock.js';
import { contextOf, data, faultStage, recordedPipeline } from '../../../support/pipeline.js';

const bytesOf = (byteCount: number) => ({ kind: 'data', bytes: Buffer.alloc(byteCount, 'x') }) as const;

/** Counts what comes out, because writing all of it down takes longer than the test. */
function countedPipeline(clock: VirtualClock) {
  const { pipeline, sink } = recordedPipeline(clock);
  const count = { bytes: 0 };
  sink.data = (bytes) => {
    count.bytes += bytes.length;
    return true;
  };
  return { pipeline, count };
}

test('a large chunk comes out in slices of a tenth of a second, the rest after its own time', () => {
  const clock = new VirtualClock();
  const { pipeline, sink } = recordedPipeline(clock);
  pipeline.setStages([faultStage(bandwidth, { value: { rate: '1KB/s' } })]);
  pipeline.push(bytesOf(450));
  const came: number[] = [];
  for (let i = 0; i < 10; i++) {
    clock.advance(50);
    came.push(sink.bytes.length);
  }
  expect(came).toEqual([0, 100, 100, 200, 200, 300, 300, 400, 450, 450]);
});

test('the first bytes wait too, and idle time earns nothing', () => {
  const clock = new VirtualClock();
  const { pipeline, sink } = recordedPipeline(clock);
  pipeline.setStages([faultStage(bandwidth, { value: { rate: '1KB/s' } })]);
  clock.advance(60_000);
  pipeline.push(bytesOf(50));
  clock.advance(49);
  expect(sink.log).toEqual([]);
  clock.advance(1);
  expect(sink.bytes).toHaveLength(50);
});

test('the end waits behind what is throttled, and passes at once without', () => {
  const clock = new VirtualClock();
  const throttled = recordedPipeline(clock);
  throttled.pipeline.setStages([faultStage(bandwidth, { value: { rate: '1KB/s' } })]);
  throttled.pipeline.push(bytesOf(100));
  throttled.pipeline.push({ kind: 'end' });
  clock.advance(99);
  expect(throttled.sink.log).toEqual([]);
  clock.advance(1);
  expect(throttled.sink.log.at(-1)).toBe('end');
  expect(clock.pending).toBe(0);

  const empty = recordedPipeline(clock);
  empty.pipeline.setStages([faultStage(bandwidth, { value: { rate: '1KB/s' } })]);
  empty.pipeline.push({ kind: 'open' });
  empty.pipeline.push({ kind: 'end' });
  expect(empty.sink.log).toEqual(['open', 'end']);
});

test('the mean is exact although every timer is late', () => {
  for (let seed = 0; seed < 10; seed++) {
    const clock = roughClock(seed);
    const { pipeline, count } = countedPipeline(clock);
    pipeline.setStages([faultStage(bandwidth, { value: { rate: '1MB/s' } })]);
    const startMs = clock.nowMs();
    while (clock.nowMs() - startMs < 5_000) {
      if (pipeline.heldBytes < 200_000) pipeline.push(bytesOf(65_536));
      clock.advance(1);
      const passedMax = (clock.nowMs() - startMs) * 1_000;
      expect(count.bytes, `seed ${seed}: never too much`).toBeLessThanOrEqual(passedMax);
      if (clock.nowMs() - startMs > 4_998) expect(count.bytes, `seed ${seed}`).toBeGreaterThan(passedMax * 0.98 - 4_000);
    }
  }
});

test('a new rate holds for what is held already, for one and for all', () => {
  for (const share of ['connection', 'proxy']) {
    const clock = new VirtualClock();
    const { pipeline, sink } = recordedPipeline(clock);
    const { shared } = contextOf();
    const at = (rate: string) => ({ ...faultStage(bandwidth, { value: { rate, share }, shared }), version: rate });
    pipeline.setStages([at('0KB/s')]);
    pipeline.push(bytesOf(1_000));
    clock.advance(10_000);
    expect(sink.bytes).toHaveLength(0);
    pipeline.setStages([at('10KB/s')]);
    clock.advance(50);
    pipeline.setStages([at('1KB/s')]);
    clock.advance(101);
    expect(sink.bytes.length, share).toBeGreaterThan(0);
    expect(sink.bytes.length, share).toBeLessThanOrEqual(600);
    clock.advance(900);
    expect(sink.bytes, share).toHaveLength(1_000);
  }
});

test('480,000 bytes at 1,000 KB/s take 480 ms', () => {
  const clock = new VirtualClock();
  const { pipeline, sink } = recordedPipeline(clock);
  pipeline.setStages([faultStage(bandwidth, { value: { rate: '1000KB/s' } })]);
  for (let i = 0; i < 15; i++) pipeline.push(bytesOf(32_000));
  clock.advance(479.9);
  expect(sink.bytes.length).toBeLessThan(480_000);
  clock.advance(0.2);
  expect(sink.bytes.length).toBe(480_000);
});

test('a rate of 0 holds all of it without a timer, and removal lets it go', () => {
  const clock = new VirtualClock();
  const { pipeline, sink } = recordedPipeline(clock);
  pipeline.setStages([faultStage(bandwidth, { value: { rate: '0KB/s' } })]);
  pipeline.push(data('a'));
  pipeline.push({ kind: 'end' });
  expect(clock.pending).toBe(0);
  clock.advance(1e6);
  expect(sink.log).toEqual([]);
  pipeline.setStages([]);
  expect(sink.log).toEqual(['data:a', 'end']);
});

test('huge rates pass large chunks in no time', () => {
  const clock = new VirtualClock();
  const { pipeline, sink } = recordedPipeline(clock);
  pipeline.setStages([faultStage(bandwidth, { value: { rate: '1000GB/s' } })]);
  pipeline.push(bytesOf(1_000_000));
  clock.advance(0.01);
  expect(sink.bytes).toHaveLength(1_000_000);
});

describe('shared by the proxy', () => {
  function flows(count: number, clock: VirtualClock) {
    const { shared } = contextOf();
    return Array.from({ length: count }, (_, i) => {
      const flow = countedPipeline(clock);
      flow.pipeline.setStages([faultStage(bandwidth, { id: `${i}`, value: { rate: '1MB/s', share: 'proxy' }, shared })]);
      return flow;
    });
  }

  test('all connections together get the rate, and each its share', () => {
    const clock = new VirtualClock();
    const all = flows(5, clock);
    for (let ms = 0; ms < 5_000; ms += 5) {
      for (const { pipeline } of all) if (pipeline.heldBytes < 100_000) pipeline.push(bytesOf(65_536));
      clock.advance(5);
    }
    const came = all.map(({ count }) => count.bytes);
    expect(Math.abs(came.reduce((a, b) => a + b) - 5e6)).toBeLessThan(0.02 * 5e6);
    for (const bytes of came) expect(Math.abs(bytes - 1e6)).toBeLessThan(0.03 * 1e6);
  });

  test('one that comes late gets its share from then on', () => {
    const clock = new VirtualClock();
    const [early, late] = flows(2, clock);
    for (let ms = 0; ms < 4_000; ms += 5) {
      if ((early?.pipeline.heldBytes ?? 0) < 100_000) early?.pipeline.push(bytesOf(65_536));
      if (ms >= 2_000 && (late?.pipeline.heldBytes ?? 0) < 100_000) late?.pipeline.push(bytesOf(65_536));
      clock.advance(5);
    }
    expect(Math.abs((early?.count.bytes ?? 0) - 3e6)).toBeLessThan(0.05 * 3e6);
    expect(Math.abs((late?.count.bytes ?? 0) - 1e6)).toBeLessThan(0.05 * 1e6);
  });
});

test.each(['-1KB/s', '1', 1_000, '1e9KB/s', 'NaNKB/s', undefined])('a rate of %s is refused', (rate) => {
  expect(bandwidth.schema.safeParse({ rate }).success).toBe(false);
});
