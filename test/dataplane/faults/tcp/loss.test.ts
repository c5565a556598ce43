import { describe, expect, test } from 'vitest';
import { drawStream, keyedDraw } from '../../../../src/core/random.js';
import { loss } from '../../../../src/dataplane/faults/tcp/loss.js';
import { VirtualClock } from '../../../support/clock.js';
import { effectsOf } from '../../../support/effects.js';
import { contextOf, data, faultStage, recordedPipeline } from '../../../support/pipeline.js';

const open = (value: unknown, random: () => number) => loss.open(loss.schema.parse(value), contextOf({ random }));
const keyed = (seed: number): (() => number) => drawStream(keyedDraw({ seed, faultId: 'loss' }), 'test');

/** Stalls of so many single packets, in milliseconds; 0 for those that were not lost. */
function stallsOf(value: unknown, packets: number, seed = 1): readonly number[] {
  const transform = open(value, keyed(seed));
  return Array.from({ length: packets }, () => Number(effectsOf(transform, data('x'))[0]?.split(' ')[1]));
}

/** Draws for the chain: the first is its state at the start, then one for each packet. Below the share is bad. */
function chain(...states: readonly ('good' | 'bad')[]): () => number {
  const draws = states.map((state) => (state === 'bad' ? 0 : 0.999));
  return () => draws.shift() ?? 0.999;
}

describe('a stall', () => {
  test('of a packet that is lost once lasts one timeout, and doubles while the loss repeats', () => {
    expect(effectsOf(open({ rate: '10%' }, chain('bad', 'good')), data('x'))).toEqual(['bytes:x 200']);
    expect(effectsOf(open({ rate: '10%' }, chain('bad', 'bad', 'bad', 'good')), data('x'))).toEqual(['bytes:x 1400']);
  });

  test('grows no further than the largest timeout', () => {
    const value = { rate: '10%', rto: '200ms', rtoMax: '300ms' };
    expect(effectsOf(open(value, chain('bad', 'bad', 'bad', 'good')), data('x'))).toEqual(['bytes:x 800']);
  });

  test('ends even if every packet is lost', () => {
    const [stall] = stallsOf({ rate: 100 }, 1);
    expect(stall).toBeGreaterThan(60_000);
    expect(Number.isFinite(stall)).toBe(true);
  });

  test('begins where the packet is missing: what stands before it passes', () => {
    const bytes = Buffer.from(['a'.repeat(1_460), 'b'.repeat(1_460), 'c'].join(''));
    const effects = effectsOf(open({ rate: '10%' }, chain('good', 'bad', 'good', 'good')), { kind: 'data', bytes });
    expect(effects.map((effect) => [effect[6], Number(effect.split(' ')[1])])).toEqual([
      ['a', 0],
      ['b', 200],
    ]);
  });

  test('of an opening lasts a second at least', () => {
    expect(effectsOf(open({ rate: '10%' }, chain('bad', 'good')), { kind: 'open' })).toEqual(['pass 1000']);
  });
});

describe('the packets that are lost', () => {
  const lossesOf = (value: unknown): readonly boolean[] => stallsOf(value, 40_000).map((stall) => stall > 0);

  test('without bursts are the share that was asked for', () => {
    const lost = lossesOf({ rate: '5%' }).filter(Boolean).length / 40_000;
    expect(Math.abs(lost - 0.05)).toBeLessThan(0.01);
  });

  test('in bursts stall less often, and for longer', () => {
    const single = stallsOf({ rate: '5%' }, 40_000).filter((stall) => stall > 0);
    const burst = stallsOf({ rate: '5%', burst: 5 }, 40_000).filter((stall) => stall > 0);
    const mean = (stalls: readonly number[]): number => stalls.reduce((sum, stall) => sum + stall, 0) / stalls.length;
    expect(burst.length).toBeLessThan(single.length / 2);
    expect(mean(burst)).toBeGreaterThan(2 * mean(single));
  });
});

test('no byte is ever missing', () => {
  const clock = new VirtualClock();
  const { pipeline, sink } = recordedPipeline(clock);
  pipeline.setStages([faultStage(loss, { value: { rate: '30%', burst: 4 }, random: keyed(5) })]);
  let sent = '';
  for (let i = 0; i < 300; i++) {
    sent += `${i}.`;
    pipeline.push(data(`${i}.`));
    clock.advance(20);
  }
  pipeline.push({ kind: 'end' });
  clock.advance(24 * 3_600e3);
  expect(sink.bytes.toString()).toBe(sent);
  expect(sink.log.at(-1)).toBe('end');
});
