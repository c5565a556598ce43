/**
 * One fault at work on one direction of one connection: it turns the fault's decisions into things that happen in order. Everything
 * held stands in one queue behind one alarm for its head, so nothing overtakes, whatever the delays say and however timers fire.
 */
import { strict as assert } from 'node:assert';
import type { Clock } from '../core/clock.js';
import { Alarm } from './alarm.js';
import type { TcpEffects, TcpSignal, TcpTransform } from './faults/fault.js';

/** What leaves a stage. */
export type StageOutput = { kind: 'open' } | { kind: 'data'; bytes: Buffer } | { kind: 'end' } | { kind: 'reset' };

interface Held {
  output: StageOutput;
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

export class PipelineStage implements TcpEffects {
  readonly id: string;
  readonly #ports: StagePorts;
  readonly #transform: TcpTransform;
  readonly #queue: Held[] = [];
  readonly #release: Alarm;
  readonly #tick: Alarm;
  /** `ended`: nothing may follow the end of the stream. `closed`: nothing comes out at all. */
  #state: 'open' | 'ended' | 'closed' = 'open';
  #signal: TcpSignal | undefined;

  constructor(ports: StagePorts, { id, transform }: { id: string; transform: TcpTransform }) {
    this.id = id;
    this.#ports = ports;
    this.#transform = transform;
    this.#release = new Alarm(ports.clock, () => this.#releaseDue());
    this.#tick = new Alarm(ports.clock, () => this.take({ kind: 'tick' }));
  }

  /** Asks the fault what becomes of this signal. */
  take(signal: TcpSignal): void {
    if (this.#state !== 'open') return;
    this.#signal = signal;
    this.#transform(signal, this);
    this.#signal = undefined;
  }

  /** Lets go of everything held, at once and in order; the stage is closed afterwards. A cut that was planned for later does not happen. */
  flush(): void {
    this.#stop();
    for (let head = this.#queue.shift(); head !== undefined; head = this.#queue.shift()) {
      this.#ports.held({ bytes: -bytesOf(head.output), chunks: -1 });
      if (head.output.kind !== 'reset') this.#ports.pass(this, head.output);
    }
  }

  /** Forgets everything held and cancels what it waits for. */
  close(): void {
    this.#stop();
    for (const { output } of this.#queue.splice(0)) this.#ports.held({ bytes: -bytesOf(output), chunks: -1 });
  }

  pass(delayMs = 0): void {
    const signal = this.#signal;
    assert(signal, 'effects are for the signal in hand');
    if (signal.kind !== 'tick') this.#put(signal, delayMs);
  }

  passBytes(bytes: Buffer, delayMs = 0): void {
    this.#put({ kind: 'data', bytes }, delayMs);
  }

  end(delayMs = 0): void {
    this.#put({ kind: 'end' }, delayMs);
  }

  reset(delayMs = 0): void {
    this.#put({ kind: 'reset' }, delayMs);
  }

  tickIn(delayMs: number): void {
    if (this.#state === 'open') this.#tick.set(this.#ports.clock.nowMs() + delayMs);
  }

  #put(output: StageOutput, delayMs: number): void {
    if (this.#state !== 'open') return;
    assert(delayMs >= 0, 'a delay is zero or more');
    if (output.kind === 'end') this.#state = 'ended';
    if (delayMs === 0 && this.#queue.length === 0) {
      this.#ports.pass(this, output);
      return;
    }
    this.#queue.push({ output, dueMs: this.#ports.clock.nowMs() + delayMs });
    if (this.#queue.length === 1) this.#armForHead();
    this.#ports.held({ bytes: bytesOf(output), chunks: 1 });
  }

  #armForHead(): void {
    const head = this.#queue[0];
    if (head !== undefined) this.#release.set(head.dueMs);
  }

  #releaseDue(): void {
    for (let head = this.#queue[0]; head !== undefined; head = this.#queue[0]) {
      if (head.dueMs > this.#ports.clock.nowMs()) {
        this.#armForHead();
        return;
      }
      this.#queue.shift();
      this.#ports.held({ bytes: -bytesOf(head.output), chunks: -1 });
      this.#ports.pass(this, head.output);
    }
  }

  #stop(): void {
    this.#state = 'closed';
    this.#release.cancel();
    this.#tick.cancel();
  }
}
