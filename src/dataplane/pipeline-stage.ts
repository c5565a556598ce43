/**
 * One fault at work on one direction of one connection: it turns the fault's decisions into things that happen in order. Everything
 * held stands in one queue behind one alarm for its head, so nothing overtakes, whatever the delays say and however timers fire.
 */
import { strict as assert } from 'node:assert';
import type { Clock } from '../core/clock.js';
import { Alarm } from './alarm.js';
import type { TcpEffects, TcpSignal, TcpTransform } from './faults/fault.js';

/** What leaves a stage. */
export type StageOutput =
  | { kind: 'open' }
  | { kind: 'data'; bytes: Buffer }
  | { kind: 'end' }
  /** The source's RST; it may follow an end. */
  | { kind: 'broken' }
  /** The end of both directions. */
  | { kind: 'close' }
  | { kind: 'reset' };

interface Held {
  output: Exclude<StageOutput, { kind: 'reset' }>;
  dueMs: number;
}

export interface StagePorts {
  clock: Clock;
  /** Called for each output when its time has come, in order. It may close the stage. */
  pass(stage: PipelineStage, output: StageOutput): void;
  /** Called with what the queue has gained, or lost. */
  held(change: { bytes: number; chunks: number }): void;
}

/** The bytes that an output keeps in memory. */
export function bytesOf(output: StageOutput): number {
  return output.kind === 'data' ? output.bytes.length : 0;
}

/** What a fault remembers of one direction of a connection while its parameters are changed. */
export type StageMemory = Record<string, number>;

interface StageStart {
  id: string;
  version: unknown;
  heldBytesMax: number;
  tellsRemoval: boolean;
  open(memory: StageMemory): TcpTransform;
}

export class PipelineStage implements TcpEffects {
  readonly id: string;
  /** Beyond so many held bytes the source is to be paused. */
  readonly heldBytesMax: number;
  heldBytes = 0;
  readonly #ports: StagePorts;
  readonly #tellsRemoval: boolean;
  readonly #memory: StageMemory = {};
  #version: unknown;
  #transform: TcpTransform;
  #queue: Held[] = [];
  readonly #release: Alarm;
  readonly #tick: Alarm;
  /** `ended`: nothing may follow the end of the stream. `closed`: nothing comes out at all. */
  #state: 'open' | 'ended' | 'closed' = 'open';
  #signal: TcpSignal | undefined;
  /** While held bytes are decided on anew: when they would have left. */
  #dueMsMax = Number.POSITIVE_INFINITY;

  constructor(ports: StagePorts, given: StageStart) {
    this.id = given.id;
    this.heldBytesMax = given.heldBytesMax;
    this.#ports = ports;
    this.#tellsRemoval = given.tellsRemoval;
    this.#version = given.version;
    this.#transform = given.open(this.#memory);
    this.#release = new Alarm(ports.clock, () => this.#releaseDue());
    this.#tick = new Alarm(ports.clock, () => this.take({ kind: 'tick' }));
  }

  /** Asks the fault what becomes of this signal. After the end, only about what is still held. */
  take(signal: TcpSignal): void {
    const isOfStream = signal.kind === 'open' || signal.kind === 'data' || signal.kind === 'end';
    if (this.#state === 'closed' || (this.#state === 'ended' && isOfStream)) return;
    this.#signal = signal;
    this.#transform(signal, this);
    this.#signal = undefined;
  }

  get version(): unknown {
    return this.#version;
  }

  /**
   * Starts the fault again, with other parameters. It decides anew on everything held, in order, as if that had just arrived; but no bytes
   * wait longer than they would have, so that one change after the other cannot keep them for ever.
   */
  change(version: unknown, open: (memory: StageMemory) => TcpTransform): void {
    this.#version = version;
    if (this.#state === 'closed') return;
    this.#release.cancel();
    this.#tick.cancel();
    this.#transform = open(this.#memory);
    const queue = this.#queue;
    this.#queue = [];
    if (queue.some(({ output }) => output.kind === 'end' || output.kind === 'close')) this.#state = 'open';
    for (const { output, dueMs } of queue) {
      this.#held(-bytesOf(output), -1);
      if (output.kind === 'close') continue;
      this.#dueMsMax = output.kind === 'data' ? dueMs : Number.POSITIVE_INFINITY;
      this.take(output);
    }
    this.#dueMsMax = Number.POSITIVE_INFINITY;
  }

  get nowMs(): number {
    return this.#ports.clock.nowMs();
  }

  /** Lets go of everything held, at once and in order, and of what the fault adds when it learns that it goes; the stage is closed afterwards. */
  flush(): void {
    if (this.#tellsRemoval) this.take({ kind: 'removed' });
    this.#stop();
    for (let head = this.#shift(); head !== undefined; head = this.#shift()) this.#ports.pass(this, head);
  }

  /** Forgets everything held and cancels what it waits for. True: the source's RST was among it. */
  discard(): boolean {
    this.#stop();
    let isBroken = false;
    for (let head = this.#shift(); head !== undefined; head = this.#shift()) isBroken ||= head.kind === 'broken';
    return isBroken;
  }

  pass(delayMs = 0): void {
    const signal = this.#signal;
    assert(signal, 'effects are for the signal in hand');
    if (signal.kind !== 'tick' && signal.kind !== 'removed') this.#put(signal, delayMs);
  }

  passBytes(bytes: Buffer, delayMs = 0): void {
    this.#put({ kind: 'data', bytes }, delayMs);
  }

  release(byteCount: number): void {
    let left = byteCount;
    for (let head = this.#queue[0]; head !== undefined; head = this.#queue[0]) {
      const held = bytesOf(head.output);
      if (held > left) {
        if (left > 0 && head.output.kind === 'data') this.#releasePart(head, head.output.bytes, left);
        break;
      }
      left -= held;
      this.#shift();
      this.#ports.pass(this, head.output);
    }
    this.#armForHead();
  }

  end(delayMs = 0): void {
    this.#put({ kind: 'end' }, delayMs);
  }

  close(delayMs = 0): void {
    this.#put({ kind: 'close' }, delayMs);
  }

  reset(): void {
    if (this.#state !== 'closed') this.#ports.pass(this, { kind: 'reset' });
  }

  tickIn(delayMs: number): void {
    if (this.#state !== 'closed') this.#tick.set(this.#ports.clock.nowMs() + delayMs);
  }

  #put(output: Held['output'], delayMs: number): void {
    if (this.#state === 'closed' || (this.#state === 'ended' && output.kind !== 'broken')) return;
    assert(delayMs >= 0, 'a delay is zero or more');
    if (output.kind === 'end' || output.kind === 'close') this.#state = 'ended';
    if (delayMs === 0 && this.#queue.length === 0) {
      this.#ports.pass(this, output);
      return;
    }
    this.#queue.push({ output, dueMs: Math.min(this.#ports.clock.nowMs() + delayMs, this.#dueMsMax) });
    if (this.#queue.length === 1) this.#armForHead();
    this.#held(bytesOf(output), 1);
  }

  /** Takes the head out of the queue. */
  #shift(): Held['output'] | undefined {
    const head = this.#queue.shift();
    if (head !== undefined) this.#held(-bytesOf(head.output), -1);
    return head?.output;
  }

  #releasePart(head: Held, bytes: Buffer, byteCount: number): void {
    head.output = { kind: 'data', bytes: bytes.subarray(byteCount) };
    this.#held(-byteCount, 0);
    this.#ports.pass(this, { kind: 'data', bytes: bytes.subarray(0, byteCount) });
  }

  #held(bytes: number, chunks: number): void {
    this.heldBytes += bytes;
    this.#ports.held({ bytes, chunks });
  }

  #armForHead(): void {
    const head = this.#queue[0];
    if (head === undefined) this.#release.cancel();
    else this.#release.set(head.dueMs);
  }

  #releaseDue(): void {
    for (let head = this.#queue[0]; head !== undefined; head = this.#queue[0]) {
      if (head.dueMs > this.#ports.clock.nowMs()) {
        this.#armForHead();
        return;
      }
      this.#shift();
      this.#ports.pass(this, head.output);
    }
  }

  #stop(): void {
    this.#state = 'closed';
    this.#release.cancel();
    this.#tick.cancel();
  }
}
