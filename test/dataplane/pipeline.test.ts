import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TcpEffects } from '../../src/dataplane/faults/fault.js';
import type { StageSpec } from '../../src/dataplane/pipeline.js';
import { roughClock, VirtualClock } from '../support/clock.js';
import { data, hold, recordedPipeline, stage } from '../support/pipeline.js';

describe('without stages', () => {
  test('everything goes through at once, and the pipeline is idle', () => {
    const { pipeline, sink } = recordedPipeline(new VirtualClock());
    pipeline.push({ kind: 'open' });
    pipeline.push(data('a'));
    expect(pipeline.idle).toBe(true);
    pipeline.push({ kind: 'end' });
    expect(sink.log).toEqual(['open', 'data:a', 'end']);
    expect(pipeline.idle, 'a stream that has ended must not be continued past the pipeline').toBe(false);
  });

  test('what comes after the end is dropped', () => {
    const { pipeline, sink } = recordedPipeline(new VirtualClock());
    pipeline.push({ kind: 'end' });
    pipeline.push(data('late'));
    pipeline.push({ kind: 'end' });
    expect(sink.log).toEqual(['end']);
  });
});

describe('holding', () => {
  test('never lets anything out early, whatever the timers do', () => {
    for (let seed = 0; seed < 200; seed++) {
      const clock = roughClock(seed);
      const { pipeline, sink } = recordedPipeline(clock);
      pipeline.setStages([hold('slow', 10)]);
      const startMs = clock.nowMs();
      pipeline.push(data('a'));
      while (sink.log.length === 0) clock.advance(0.1);
      expect(clock.nowMs() - startMs, `seed ${seed}`).toBeGreaterThanOrEqual(10);
    }
  });

  test('keeps the order when later ones are due earlier', () => {
    const clock = new VirtualClock();
    const { pipeline, sink } = recordedPipeline(clock);
    const delays = [30, 0, 20, 0];
    pipeline.setStages([stage('jitter', (_signal, effects) => effects.pass(delays.shift()))]);
    for (const signal of [data('a'), data('b'), data('c'), { kind: 'end' } as const]) pipeline.push(signal);
    clock.advance(29.9);
    expect(sink.log).toEqual([]);
    clock.advance(0.1);
    expect(sink.log).toEqual(['data:a', 'data:b', 'data:c', 'end']);
    expect(clock.pending).toBe(0);
  });

  test('delays of several stages add up', () => {
    const clock = new VirtualClock();
    const { pipeline, sink } = recordedPipeline(clock);
    pipeline.setStages([hold('one', 10), hold('two', 5)]);
    pipeline.push(data('a'));
    clock.advance(14.9);
    expect(sink.log).toEqual([]);
    clock.advance(0.1);
    expect(sink.log).toEqual(['data:a']);
  });

  test('for ever means no timer at all', () => {
    const clock = new VirtualClock();
    const { pipeline } = recordedPipeline(clock);
    pipeline.setStages([hold('hole', Number.POSITIVE_INFINITY)]);
    pipeline.push(data('a'));
    expect(clock.pending).toBe(0);
    expect(pipeline.heldBytes).toBe(1);
  });
});

describe('releasing', () => {
  /** Holds everything; each tick, one millisecond apart, releases so many bytes. */
  const release = (byteCount: number) =>
    stage('release', (signal, effects) => {
      if (signal.kind === 'tick') effects.release(byteCount);
      else effects.pass(Number.POSITIVE_INFINITY);
      effects.tickIn(1);
    });

  test('lets so many bytes go, and cuts the piece that it falls in', () => {
    const clock = new VirtualClock();
    const { pipeline, sink } = recordedPipeline(clock);
    pipeline.setStages([release(3)]);
    pipeline.push(data('ab'));
    pipeline.push(data('cdefg'));
    clock.advance(1);
    expect(sink.log).toEqual(['data:ab', 'data:c']);
    expect(pipeline.heldBytes).toBe(4);
    clock.advance(1);
    expect(sink.log).toEqual(['data:ab', 'data:c', 'data:def']);
    pipeline.setStages([]);
    expect(sink.bytes.toString()).toBe('abcdefg');
  });

  test('takes along what has no bytes, before them and right behind', () => {
    const clock = new VirtualClock();
    const { pipeline, sink } = recordedPipeline(clock);
    pipeline.setStages([release(2)]);
    for (const signal of [{ kind: 'open' } as const, data('ab'), { kind: 'end' } as const]) pipeline.push(signal);
    clock.advance(1);
    expect(sink.log).toEqual(['open', 'data:ab', 'end']);
    expect([pipeline.heldBytes, clock.pending]).toEqual([0, 0]);
  });

  test('what stays is still due when it was', () => {
    const clock = new VirtualClock();
    const { pipeline, sink } = recordedPipeline(clock);
    pipeline.setStages([
      stage('early', (signal, effects) => {
        if (signal.kind === 'tick') effects.release(1);
        else effects.pass(10);
        effects.tickIn(4);
      }),
    ]);
    pipeline.push(data('abc'));
    clock.advance(4);
    expect(sink.log).toEqual(['data:a']);
    clock.advance(6);
    expect(sink.log).toEqual(['data:a', 'data:b', 'data:c']);
  });
});

describe('changing the stages', () => {
  test('one that goes releases what it holds at once, in order', () => {
    const clock = new VirtualClock();
    const { pipeline, sink } = recordedPipeline(clock);
    pipeline.setStages([hold('hole', Number.POSITIVE_INFINITY)]);
    for (const signal of [{ kind: 'open' } as const, data('a'), data('b'), { kind: 'end' } as const]) pipeline.push(signal);
    pipeline.setStages([]);
    expect(sink.log).toEqual(['open', 'data:a', 'data:b', 'end']);
    expect(pipeline.heldBytes).toBe(0);
  });

  test('two that go together do not see what the other held, and the order stays', () => {
    const { pipeline, sink } = recordedPipeline(new VirtualClock());
    const seen: string[] = [];
    const second = stage('second', (signal, effects) => {
      seen.push(signal.kind === 'data' ? signal.bytes.toString() : signal.kind);
      effects.pass(Number.POSITIVE_INFINITY);
    });
    pipeline.setStages([second]);
    pipeline.push(data('a'));
    pipeline.setStages([hold('first', Number.POSITIVE_INFINITY), second]);
    pipeline.push(data('b'));
    pipeline.setStages([]);
    expect(sink.log).toEqual(['data:a', 'data:b']);
    expect(seen).toEqual(['a']);
  });

  test('what a stage releases goes on through the ones behind it that stay', () => {
    const clock = new VirtualClock();
    const { pipeline, sink } = recordedPipeline(clock);
    pipeline.setStages([hold('hole', Number.POSITIVE_INFINITY), hold('slow', 10)]);
    pipeline.push(data('a'));
    pipeline.setStages([hold('slow', 10)]);
    expect(sink.log).toEqual([]);
    clock.advance(10);
    expect(sink.log).toEqual(['data:a']);
  });

  test('one that stays keeps its queue, its state and its due times', () => {
    const clock = new VirtualClock();
    const { pipeline, sink } = recordedPipeline(clock);
    let opened = 0;
    const counting = () => ({
      id: 'counting',
      tickAtOnce: false,
      open: () => {
        opened += 1;
        return (_signal: unknown, effects: TcpEffects) => effects.pass(10);
      },
    });
    pipeline.setStages([counting()]);
    pipeline.push(data('a'));
    clock.advance(6);
    pipeline.setStages([hold('new', 0), counting()]);
    clock.advance(4);
    expect(sink.log).toEqual(['data:a']);
    expect(opened).toBe(1);
  });

  test('stages that change places are not kept, because bytes would overtake', () => {
    const { pipeline, sink } = recordedPipeline(new VirtualClock());
    const a = hold('a', Number.POSITIVE_INFINITY);
    const b = hold('b', Number.POSITIVE_INFINITY);
    pipeline.setStages([b]);
    pipeline.push(data('1'));
    pipeline.setStages([a, b]);
    pipeline.push(data('2'));
    pipeline.setStages([b, a]);
    pipeline.push(data('3'));
    pipeline.setStages([]);
    expect(sink.log).toEqual(['data:1', 'data:2', 'data:3']);
  });

  test('one that asks for it is told that it goes, and what it does then comes after what it held', () => {
    const { pipeline, sink } = recordedPipeline(new VirtualClock());
    const farewell = stage('farewell', (signal, effects) =>
      signal.kind === 'removed' ? effects.passBytes(Buffer.from('bye')) : effects.pass(Number.POSITIVE_INFINITY),
    );
    pipeline.setStages([{ ...farewell, tellsRemoval: true }]);
    pipeline.push(data('a'));
    pipeline.setStages([]);
    expect(sink.log).toEqual(['data:a', 'data:bye']);
  });

  test('one that cuts when it goes loses what all of them hold', () => {
    const clock = new VirtualClock();
    const { pipeline, sink } = recordedPipeline(clock);
    const cut = stage('cut', (signal, effects) => (signal.kind === 'removed' ? effects.reset() : effects.pass(Number.POSITIVE_INFINITY)));
    pipeline.setStages([{ ...cut, tellsRemoval: true }, hold('slow', 10)]);
    pipeline.push(data('a'));
    pipeline.setStages([]);
    expect(sink.log).toEqual(['reset']);
    expect([pipeline.heldBytes, clock.pending]).toEqual([0, 0]);
  });

  test('a tick comes as asked, a later request replaces it, and removal cancels it', () => {
    const clock = new VirtualClock();
    const { pipeline, sink } = recordedPipeline(clock);
    const ticking = stage('ticking', (signal, effects) => {
      if (signal.kind === 'tick') effects.passBytes(Buffer.from('tick'));
      else effects.tickIn(10);
    });
    pipeline.setStages([ticking]);
    pipeline.push(data('a'));
    clock.advance(5);
    pipeline.push(data('b'));
    clock.advance(9);
    expect(sink.log).toEqual([]);
    clock.advance(1);
    expect(sink.log).toEqual(['data:tick']);
    pipeline.push(data('c'));
    pipeline.setStages([]);
    expect(clock.pending).toBe(0);
  });
});

describe('the bound', () => {
  test('pauses the source above it and lets it go on below half', () => {
    const clock = new VirtualClock();
    const { pipeline, sink } = recordedPipeline(clock, 10);
    pipeline.setStages([hold('slow', 10)]);
    pipeline.push(data('123456'));
    clock.advance(5);
    pipeline.push(data('12345'));
    expect(sink.log).toEqual(['full']);
    expect(pipeline.heldBytes).toBe(11);
    clock.advance(5);
    expect(sink.log).toEqual(['full', 'low', 'data:123456']);
  });

  test('counts what waits for the sink, and drains in order', () => {
    const { pipeline, sink } = recordedPipeline(new VirtualClock(), 10);
    sink.isReady = false;
    pipeline.push(data('a'));
    pipeline.push(data('0123456789'));
    pipeline.push(data('b'));
    pipeline.push({ kind: 'end' });
    expect(pipeline.heldBytes).toBe(11);
    expect(sink.log).toEqual(['data:a', 'full']);
    pipeline.drained();
    expect(sink.log).toEqual(['data:a', 'full', 'low', 'data:0123456789']);
    sink.isReady = true;
    pipeline.drained();
    expect(sink.log.slice(4)).toEqual(['data:b', 'end']);
  });

  test('is each stage’s own, so that a long path does not lengthen the queue before a narrow place', () => {
    const { pipeline, sink } = recordedPipeline(new VirtualClock(), 10);
    const path = { ...hold('path', 10), heldBytesMax: 100 };
    pipeline.setStages([path]);
    pipeline.push(data('x'.repeat(100)));
    expect(sink.isFull).toBe(false);
    pipeline.push(data('x'));
    expect(sink.isFull).toBe(true);
    pipeline.setStages([hold('narrow', Number.POSITIVE_INFINITY), path]);
    pipeline.setStages([]);
    expect(sink.isFull).toBe(false);
    pipeline.setStages([hold('narrow', Number.POSITIVE_INFINITY), path]);
    pipeline.push(data('x'.repeat(11)));
    expect(sink.isFull).toBe(true);
  });

  test('pieces of one read that wait for the sink wait as one', () => {
    const { pipeline, sink } = recordedPipeline(new VirtualClock());
    const cut = stage('cut', (signal, effects) => {
      if (signal.kind === 'data') for (let i = 0; i < signal.bytes.length; i++) effects.passBytes(signal.bytes.subarray(i, i + 1));
    });
    pipeline.setStages([cut]);
    sink.isReady = false;
    pipeline.push(data('abcd'));
    pipeline.push(data('ef'));
    sink.isReady = true;
    pipeline.drained();
    expect(sink.bytes.toString()).toBe('abcdef');
    expect(sink.log.slice(0, 2)).toEqual(['data:a', 'data:bcd']);
  });

  test('is also one of pieces, because small ones cost more than their bytes', () => {
    const { pipeline, sink } = recordedPipeline(new VirtualClock());
    pipeline.setStages([hold('hole', Number.POSITIVE_INFINITY)]);
    for (let i = 0; i < 10_000 && !sink.isFull; i++) pipeline.push(data('x'));
    expect(sink.isFull).toBe(true);
    pipeline.setStages([]);
    expect(sink.isFull).toBe(false);
  });
});

describe('the end', () => {
  test('a reset does not wait for what later stages hold, and nothing follows it', () => {
    const clock = new VirtualClock();
    const { pipeline, sink } = recordedPipeline(clock);
    const cut = stage('cut', (signal, effects) => (signal.kind === 'end' ? effects.reset() : effects.pass()));
    pipeline.setStages([cut, hold('hole', 10)]);
    pipeline.push(data('a'));
    pipeline.push({ kind: 'end' });
    pipeline.push(data('b'));
    clock.advance(100);
    expect(sink.log).toEqual(['reset']);
    expect(pipeline.heldBytes).toBe(0);
    expect(clock.pending).toBe(0);
  });

  test('an end that a fault makes drops what comes after it, and lets the source run on', () => {
    const clock = new VirtualClock();
    const { pipeline, sink } = recordedPipeline(clock, 5);
    const truncate = stage('truncate', (_signal, effects) => effects.end());
    pipeline.setStages([hold('slow', 10), truncate]);
    pipeline.push(data('a'));
    clock.advance(5);
    pipeline.push(data('123456'));
    expect(sink.isFull).toBe(true);
    clock.advance(5);
    expect(sink.log).toEqual(['full', 'low', 'end']);
    expect(clock.pending).toBe(0);
    pipeline.push(data('more'));
    pipeline.setStages([]);
    expect(sink.log.filter((line) => line.startsWith('data'))).toEqual([]);
  });

  test('that closes the connection waits for what is held before it, in later stages too', () => {
    const clock = new VirtualClock();
    const { pipeline, sink } = recordedPipeline(clock);
    const limit = stage('limit', (signal, effects) => {
      effects.pass();
      if (signal.kind === 'data') effects.close();
    });
    pipeline.setStages([limit, hold('slow', 10)]);
    pipeline.push(data('a'));
    pipeline.push(data('b'));
    expect(sink.log).toEqual([]);
    clock.advance(10);
    expect(sink.log).toEqual(['data:a', 'close']);
    expect(clock.pending).toBe(0);
  });

  test('closing from within the sink stops everything at once', () => {
    const clock = new VirtualClock();
    const { pipeline, sink } = recordedPipeline(clock);
    const deliver = sink.data.bind(sink);
    sink.data = (bytes) => {
      pipeline.close();
      return deliver(bytes);
    };
    pipeline.setStages([hold('hole', Number.POSITIVE_INFINITY)]);
    for (const text of ['a', 'b', 'c']) pipeline.push(data(text));
    pipeline.setStages([hold('another', 1)]);
    expect(sink.log).toEqual(['data:a']);
    expect(pipeline.heldBytes).toBe(0);
    expect(clock.pending).toBe(0);
  });
});

describe('the RST of the source', () => {
  test('waits in its turn, and drops nothing that was before it', () => {
    const clock = new VirtualClock();
    const { pipeline, sink } = recordedPipeline(clock);
    pipeline.setStages([hold('slow', 10)]);
    pipeline.push(data('a'));
    pipeline.push({ kind: 'broken' });
    clock.advance(9);
    expect(sink.log).toEqual([]);
    clock.advance(1);
    expect(sink.log).toEqual(['data:a', 'broken']);
    expect(pipeline.heldBytes).toBe(0);
  });

  test('is told by removal of what held it, also behind an end', () => {
    const { pipeline, sink } = recordedPipeline(new VirtualClock());
    pipeline.setStages([hold('hole', Number.POSITIVE_INFINITY)]);
    for (const signal of [data('a'), { kind: 'end' }, { kind: 'broken' }] as const) pipeline.push(signal);
    expect(sink.log).toEqual([]);
    pipeline.setStages([]);
    expect(sink.log).toEqual(['data:a', 'end', 'broken']);
  });

  test('does not wait for a sink that takes nothing', () => {
    const { pipeline, sink } = recordedPipeline(new VirtualClock());
    sink.isReady = false;
    pipeline.push(data('a'));
    pipeline.push(data('b'));
    pipeline.push({ kind: 'broken' });
    expect(sink.log).toEqual(['data:a', 'broken']);
    expect(pipeline.heldBytes).toBe(0);
  });

  test('after the end of the stream is told at once', () => {
    const { pipeline, sink } = recordedPipeline(new VirtualClock());
    pipeline.push({ kind: 'end' });
    pipeline.push({ kind: 'broken' });
    expect(sink.log).toEqual(['end', 'broken']);
  });
});

describe('whatever happens, in whatever order', () => {
  /** Stages by name, so that a list of names is a list of stages. */
  const STAGES = {
    short: () => hold('short', 3),
    long: () => hold('long', 40),
    hole: () => hold('hole', Number.POSITIVE_INFINITY),
    jitter: () => {
      let n = 0;
      return stage('jitter', (_signal, effects) => effects.pass([15, 0, 7][n++ % 3]));
    },
  } as const;
  type Step =
    | { do: 'push'; text: string }
    | { do: 'advance'; ms: number }
    | { do: 'stages'; names: readonly (keyof typeof STAGES)[] }
    | { do: 'block' }
    | { do: 'drain' };
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 5, arbitrary: fc.record({ do: fc.constant('push' as const), text: fc.stringMatching(/^[a-z]{1,20}$/) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('advance' as const), ms: fc.integer({ min: 0, max: 30 }) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('stages' as const),
        names: fc.shuffledSubarray(['short', 'long', 'hole', 'jitter'] as const),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('block' as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('drain' as const) }) },
  );

  function play(steps: readonly Step[], seed: number): { sent: string; received: string; pending: number; isFull: boolean } {
    const clock = roughClock(seed);
    const { pipeline, sink } = recordedPipeline(clock, 64);
    let sent = '';
    const drain = (): void => {
      sink.isReady = true;
      pipeline.drained();
    };
    for (const at of steps) {
      if (at.do === 'push') {
        sent += at.text;
        pipeline.push(data(at.text));
      } else if (at.do === 'advance') clock.advance(at.ms);
      else if (at.do === 'stages') pipeline.setStages(at.names.map((name) => STAGES[name]()));
      else if (at.do === 'block') sink.isReady = false;
      else drain();
      const received = sink.bytes.toString('latin1');
      if (!sent.startsWith(received)) throw new Error(`out of order: ${received} is not the beginning of ${sent}`);
    }
    pipeline.push({ kind: 'end' });
    pipeline.setStages([]);
    drain();
    expect(sink.log.at(-1)).toBe('end');
    return { sent, received: sink.bytes.toString('latin1'), pending: clock.pending, isFull: sink.isFull };
  }

  test('no byte is lost, doubled or out of order, and no timer is left', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.nat({ max: 10_000 }), (steps, seed) => {
        const { sent, received, pending, isFull } = play(steps, seed);
        expect({ received, pending, isFull }).toEqual({ received: sent, pending: 0, isFull: false });
      }),
      { numRuns: 500 },
    );
  });
});

describe('a change of a stage', () => {
  const version = (delayMs: number): StageSpec => ({ ...hold('a', delayMs), version: delayMs });

  test('lets held bytes go when the new fault says so, and never later than they were due', () => {
    const clock = new VirtualClock({ startMs: 0 });
    const { pipeline, sink } = recordedPipeline(clock);
    pipeline.setStages([version(100)]);
    pipeline.push({ kind: 'data', bytes: Buffer.from('ab') });
    clock.advance(50);
    pipeline.setStages([version(1_000)]);
    clock.advance(49);
    expect(sink.log).toEqual([]);
    clock.advance(1);
    expect(sink.log).toEqual(['data:ab']);
    pipeline.push({ kind: 'data', bytes: Buffer.from('cd') });
    pipeline.push({ kind: 'end' });
    pipeline.setStages([version(10)]);
    clock.advance(10);
    expect(sink.log).toEqual(['data:ab', 'data:cd', 'end']);
    expect([pipeline.heldBytes, clock.pending]).toEqual([0, 0]);
  });

  test('a thousand times in a row keeps no byte for ever, and a held end waits anew', () => {
    const clock = new VirtualClock({ startMs: 0 });
    const { pipeline, sink } = recordedPipeline(clock);
    pipeline.setStages([version(100)]);
    pipeline.push({ kind: 'data', bytes: Buffer.from('ab') });
    pipeline.push({ kind: 'end' });
    for (let i = 1; i <= 1_000; i++) {
      pipeline.setStages([{ ...version(100), version: `again ${i}` }]);
      clock.advance(1);
    }
    expect(sink.log).toEqual(['data:ab']);
    clock.advance(100);
    expect(sink.log).toEqual(['data:ab', 'end']);
  });

  test('carries on the memory of the fault, and keeps the order with what later stages hold', () => {
    const clock = new VirtualClock({ startMs: 0 });
    const { pipeline, sink } = recordedPipeline(clock);
    const counting = (no: number): StageSpec => ({
      id: 'count',
      version: no,
      tickAtOnce: false,
      open: (memory) => (signal, effects) => {
        if (signal.kind === 'data') memory['seen'] = (memory['seen'] ?? 0) + signal.bytes.length;
        if (memory['seen'] === 4) effects.end();
        else effects.pass();
      },
    });
    pipeline.setStages([counting(1), version(50)]);
    pipeline.push({ kind: 'data', bytes: Buffer.from('ab') });
    pipeline.setStages([counting(2), version(60)]);
    pipeline.push({ kind: 'data', bytes: Buffer.from('cd') });
    clock.advance(60);
    expect(sink.log).toEqual(['data:ab', 'end']);
  });
});
