/**
 * Histories whose truth is known: one copy of an object does one thing after the other, and each operation is stretched around the instant at which it was done, so that they
 * overlap. Some answers get lost, some requests are refused; what is done to a good history to make it a bad one is done by the tests.
 */
import { drawStream, keyedDraw } from '../../src/core/random.js';
import { historyCheckers } from '../../src/verify/histories/catalog.js';
import type { HistoryResult } from '../../src/verify/histories/checker.js';
import { judgeHistory } from '../../src/verify/histories/judge-history.js';
import type { Operation } from '../../src/verify/histories/operation.js';

export type Draw = () => number;
export type Done = Pick<Operation, 'f'> & Partial<Pick<Operation, 'input' | 'output' | 'token' | 'version' | 'validMs' | 'process'>>;

/** One copy: does something, and says what was asked and what it answers. `undone` takes back what it just did. */
export interface OneCopy {
  next(draw: Draw): Done;
  /** The same question, of which nothing came. */
  undo(): void;
}

export interface Scene {
  seed: number;
  copy: OneCopy;
  count: number;
  /** How many milliseconds an operation lasts at most before, and after, it is done; they are done one millisecond apart. */
  stretchMs?: number;
  /** Shares of operations whose answer got lost, and that were refused. */
  lostRatio?: number;
  refusedRatio?: number;
}

export function drawOf(seed: number): Draw {
  return drawStream(keyedDraw({ seed, faultId: 'history' }), 'draw');
}

export function simulateHistory({ seed, copy, count, stretchMs = 4, lostRatio = 0.03, refusedRatio = 0.03 }: Scene): Operation[] {
  const draw = drawOf(seed);
  const operations: Operation[] = [];
  const freeMs: number[] = [];
  for (let id = 1; id <= count; id++) {
    const [startMs, endMs] = [id - stretchMs * draw(), id + stretchMs * draw()];
    const luck = draw();
    const done = copy.next(draw);
    const isLost = luck < lostRatio;
    const isRefused = !isLost && luck < lostRatio + refusedRatio && done.f !== 'read';
    if (isRefused || (isLost && draw() < 0.5)) copy.undo();
    const { output, ...asked } = done;
    const outcome = isLost ? 'unknown' : isRefused ? 'failed' : 'ok';
    const process = done.process ?? `p${processOf(freeMs, startMs, isLost ? Number.POSITIVE_INFINITY : endMs)}`;
    operations.push({
      id,
      key: '',
      ...asked,
      process,
      ...(outcome === 'ok' && output !== undefined && { output }),
      outcome,
      startMs,
      endMs: isLost ? Number.POSITIVE_INFINITY : endMs,
    });
  }
  return operations.sort((a, b) => a.startMs - b.startMs);
}

/** The first that is free; whose answer got lost is heard of no more. */
function processOf(freeMs: number[], startMs: number, endMs: number): number {
  const free = freeMs.findIndex((ms) => ms < startMs);
  const process = free < 0 ? freeMs.length : free;
  freeMs[process] = endMs;
  return process;
}

export function judged(checker: string, operations: readonly Operation[], params: object = {}): HistoryResult {
  const found = historyCheckers.get(checker);
  if (found === undefined) throw new Error(`there is no history checker ${checker}`);
  return judgeHistory(found, found.schema.parse(params), { operations, problems: [] });
}

/** With one operation changed. */
export function changed(operations: readonly Operation[], id: number, change: Partial<Operation>): Operation[] {
  return operations.map((one) => (one.id === id ? { ...one, ...change } : one)).sort((a, b) => a.startMs - b.startMs);
}

export function pick<T>(items: readonly T[], draw: Draw): T | undefined {
  return items[Math.floor(draw() * items.length)];
}

export function isDone({ outcome }: Operation): boolean {
  return outcome === 'ok';
}

/** A value that is written, read, and compared and set. Values are unique. */
export function registerCopy({ cas = false, readRatio = 0.6 }: { cas?: boolean; readRatio?: number } = {}): OneCopy {
  let value: string | null = null;
  let before: string | null = null;
  let version = 0;
  let count = 0;
  return {
    next: (draw) => {
      before = value;
      if (draw() < readRatio) return { f: 'read', output: value, version };
      count += 1;
      version += 1;
      const next = `v${count}`;
      const isCas = cas && value !== null && draw() < 0.5;
      const done: Done = isCas ? { f: 'cas', input: [String(value), next] } : { f: 'write', input: next, version };
      value = next;
      return done;
    },
    undo: () => {
      value = before;
    },
  };
}

/** What is added and read as a whole. */
export function setCopy({ readRatio }: { readRatio: number }): OneCopy {
  let [items, before]: [readonly string[], readonly string[]] = [[], []];
  let count = 0;
  return {
    next: (draw) => {
      before = items;
      if (draw() < readRatio) return { f: 'read', output: items };
      items = [...items, `e${++count}`];
      return { f: 'add', input: `e${count}` };
    },
    undo: () => {
      items = before;
    },
  };
}

/** A sum that goes up and down. */
export function counterCopy(): OneCopy {
  let [sum, before] = [0, 0];
  return {
    next: (draw) => {
      before = sum;
      if (draw() < 0.5) return { f: 'read', output: sum };
      const by = Math.floor(7 * draw()) - 3;
      sum += by;
      return { f: 'add', input: by };
    },
    undo: () => {
      sum = before;
    },
  };
}

/** One reading of the whole, at an instant of its own. */
export function readAt(atMs: number, output: NonNullable<Operation['output']>): Operation {
  return { id: atMs, process: 'r', key: '', f: 'read', output, outcome: 'ok', startMs: atMs, endMs: atMs + 0.5 };
}

/** First in, first out, of values that are never sent twice. Nothing more is put in after so many steps. */
export function queueCopy({ dequeueRatio, stepsMax = Number.POSITIVE_INFINITY }: { dequeueRatio: number; stepsMax?: number }): OneCopy {
  let [items, before]: [readonly string[], readonly string[]] = [[], []];
  let [steps, count] = [0, 0];
  return {
    next: (draw) => {
      before = items;
      steps += 1;
      if (steps <= stepsMax && draw() >= dequeueRatio) {
        items = [...items, `v${++count}`];
        return { f: 'enqueue', input: `v${count}` };
      }
      const [first = null, ...rest] = items;
      items = rest;
      return { f: 'dequeue', output: first };
    },
    undo: () => {
      items = before;
    },
  };
}
