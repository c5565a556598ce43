/**
 * What every TCP fault must keep to, as functions that throw when it does not. They drive a fault through a real pipeline on a clock
 * whose timers come early, late and out of order, with a script of signals that depends on nothing but the seed.
 */
import { strict as assert } from 'node:assert';
import { drawStream, keyedDraw } from '../../src/core/random.js';
import type { CompoundFault, FlowDirection, TcpFault } from '../../src/dataplane/faults/fault.js';
import { Pipeline, type StageSpec } from '../../src/dataplane/pipeline.js';
import { roughClock, type VirtualClock } from './clock.js';
import { faultStages, RecordingSink } from './pipeline.js';

const DAY_MS = 24 * 3_600e3;

/** What a contract asks of a pipeline. */
export type PipelineUnderTest = Pick<Pipeline, 'push' | 'setStages' | 'close' | 'heldBytes'>;
export type CreatePipeline = (given: ConstructorParameters<typeof Pipeline>[0]) => PipelineUnderTest;

interface Subject {
  seed: number;
  direction: FlowDirection;
  /** The real one, except in negative controls. */
  createPipeline?: CreatePipeline;
}

interface Play {
  /** The fault at work, as often as it is asked for: with another version it is a change. */
  stages(version: number): StageSpec[];
  clock: VirtualClock;
  pipeline: PipelineUnderTest;
  sink: RecordingSink;
  /** Bytes given to the pipeline so far. */
  sent: string;
}

interface Script extends Subject {
  /** Whether the script ends with an `end`. */
  ends: boolean;
  heldBytesMax?: number;
}

/** Sends an opening (up only), up to forty chunks with pauses, and perhaps an end. A full pipeline is given time, as a paused source would. */
function play(fault: TcpFault | CompoundFault, script: Script): Play {
  const { seed, direction, ends, heldBytesMax = 1024 * 1024, createPipeline = (given) => new Pipeline(given) } = script;
  const clock = roughClock(seed);
  const sink = new RecordingSink();
  const pipeline = createPipeline({ clock, heldBytesMax, sink });
  const draw = keyedDraw({ seed, faultId: 'script' });
  const next = drawStream(draw, 'signals');
  const isNew = next() < 0.5;
  const random = drawStream(keyedDraw({ seed, faultId: 'fault' }), direction);
  const stages = (version: number): StageSpec[] =>
    faultStages(fault, { value: fault.example, direction, isNew, random }).map((stage) => ({ ...stage, version }));
  pipeline.setStages(stages(1));
  if (direction === 'up') pipeline.push({ kind: 'open' });
  let sent = '';
  const chunks = Math.floor(next() * 40);
  for (let i = 0; i < chunks; i++) {
    if (next() < 0.6) clock.advance(next() * 30);
    const text = `${i}.`.repeat(1 + Math.floor(next() * 20));
    sent += text;
    pipeline.push({ kind: 'data', bytes: Buffer.from(text) });
  }
  if (ends) pipeline.push({ kind: 'end' });
  return { clock, pipeline, sink, sent, stages };
}

/** Whether the stream is over; `close` and `reset` may cut it short, `end` may not. */
function isOver(sink: RecordingSink): boolean {
  return sink.log.some((line) => line === 'end' || line === 'close' || line === 'reset');
}

function bytesIn(sink: RecordingSink): string {
  return sink.bytes.toString('latin1');
}

export interface Contract {
  /** A sentence about the fault. */
  title: string;
  /** Throws if the fault breaks it for this seed. */
  check(fault: TcpFault | CompoundFault, subject: Subject): void;
}

export const tcpFaultContracts: readonly Contract[] = [
  {
    title: 'what comes out is a prefix of what went in, in order, at any time',
    check: (fault, subject) => {
      const { clock, sink, sent } = play(fault, { ...subject, ends: true });
      for (let i = 0; i < 30; i++) {
        if (!fault.alters) assert(sent.startsWith(bytesIn(sink)), 'the output is not a prefix of the input');
        clock.advance(25);
      }
      const end = sink.log.findIndex((line) => line === 'end' || line === 'close' || line === 'reset');
      assert(end < 0 || end === sink.log.length - 1, 'something follows the end of the stream');
      if (sink.log.at(-1) === 'end' && !fault.alters) assert.equal(bytesIn(sink), sent, 'the end has overtaken bytes');
    },
  },
  {
    title: 'removal releases what is held at once, in order, and loses nothing',
    check: (fault, subject) => {
      const { pipeline, sink, sent, clock } = play(fault, { ...subject, ends: subject.seed % 2 === 0 });
      const wasOver = isOver(sink);
      pipeline.setStages([]);
      assert.equal(pipeline.heldBytes, 0, 'bytes are still held');
      if (!wasOver && !fault.alters) assert.equal(bytesIn(sink), sent, 'bytes were lost');
      assert.equal(clock.pending, 0, 'a timer has outlived the removal');
    },
  },
  {
    title: 'changed in place again and again, it keeps the order and loses nothing',
    check: (fault, subject) => {
      const { pipeline, sink, sent, clock, stages } = play(fault, { ...subject, ends: subject.seed % 2 === 0 });
      for (let version = 2; version < 6; version++) {
        pipeline.setStages(stages(version));
        if (!fault.alters) assert(sent.startsWith(bytesIn(sink)), 'the output is not a prefix of the input');
        clock.advance(7);
      }
      const wasOver = isOver(sink);
      pipeline.setStages([]);
      if (!wasOver && !fault.alters) assert.equal(bytesIn(sink), sent, 'bytes were lost');
      assert.equal(pipeline.heldBytes, 0, 'bytes are still held');
      assert.equal(clock.pending, 0, 'a timer has outlived the removal');
    },
  },
  {
    title: 'a RST of the source overtakes no bytes, and is told when the fault goes at the latest',
    check: (fault, subject) => {
      const { pipeline, sink, sent, clock } = play(fault, { ...subject, ends: subject.seed % 2 === 0 });
      const wasOver = isOver(sink);
      pipeline.push({ kind: 'broken' });
      clock.advance(subject.seed);
      pipeline.setStages([]);
      const told = sink.log.filter((line) => line === 'broken' || line === 'reset');
      assert(told.length === 1 || (told.length === 2 && told[1] === 'broken'), `it was told as ${told.join(', ') || 'nothing'}`);
      assert.equal(sink.log.at(-1), told.at(-1), 'something follows it');
      if (!wasOver && !fault.alters && told[0] === 'broken')
        assert(bytesIn(sink) === sent || sink.log.includes('close'), 'bytes were lost');
      assert.equal(clock.pending, 0, 'a timer has outlived it');
    },
  },
  {
    title: 'no timer is alive after the end, a reset or a close',
    check: (fault, subject) => {
      const { clock, sink } = play(fault, { ...subject, ends: true });
      for (let i = 0; i < 10 && !isOver(sink); i++) clock.advance(DAY_MS);
      if (isOver(sink)) assert.equal(clock.pending, 0, 'a timer has outlived the stream');
      const closed = play(fault, { ...subject, ends: false });
      closed.pipeline.close();
      assert.equal(closed.clock.pending, 0, 'a timer has outlived the close');
      assert.equal(closed.pipeline.heldBytes, 0, 'bytes have outlived the close');
    },
  },
  {
    title: 'a full pipeline says so, and says when it is not full any more',
    check: (fault, subject) => {
      const heldBytesMax = 64;
      const { pipeline, sink, stages } = play(fault, { ...subject, ends: false, heldBytesMax });
      // Nothing here pauses, so more than the bound, which is each stage’s own, may be held; what counts is that the source was told.
      if (pipeline.heldBytes > heldBytesMax * stages(1).length) assert(sink.isFull, 'the source was not paused');
      pipeline.setStages([]);
      if (!sink.log.includes('reset')) assert(!sink.isFull, 'the source was not resumed');
    },
  },
  {
    title: 'the same seed and signals give the same effects',
    check: (fault, subject) => {
      const log = (): readonly string[] => {
        const { clock, sink } = play(fault, { ...subject, ends: true });
        const lines: string[] = [];
        for (let i = 0; i < 200; i++) {
          lines.push(`${i}:${sink.log.length}`);
          clock.advance(1);
        }
        return [...lines, ...sink.log];
      };
      assert.deepEqual(log(), log(), 'two plays of one script differ');
    },
  },
  {
    title: 'parameters that make no sense are refused',
    check: (fault) => {
      const example = fault.example as Readonly<Record<string, unknown>>;
      assert(fault.schema.safeParse(example).success, 'the example itself is refused');
      assert(!fault.schema.safeParse({ ...example, unheardOf: 1 }).success, 'an unknown key is let through');
      for (const key of Object.keys(example))
        for (const value of [0, -1, Number.POSITIVE_INFINITY, Number.NaN, 1e308, '-1ms', '1e308ms', '99999h', '', null, [], {}])
          assert(!fault.schema.safeParse({ ...example, [key]: value }).success, `${key}: ${String(value)} is let through`);
    },
  },
];
