/**
 * One direction of one connection under faults: an ordered list of stages between a source and a sink. It owns every timer and every
 * held byte; faults own none. A link without faults does not have one. What a reader gets wrong: bytes pushed belong to the pipeline,
 * so borrowed ones are copied first.
 */
import type { Clock } from '../core/clock.js';
import type { TcpSignal, TcpTransform } from './faults/fault.js';
import { bytesOf, PipelineStage, type StageMemory, type StageOutput, type StagePorts } from './pipeline-stage.js';

/** Where a pipeline leads. Its methods may call `close` of the pipeline, and nothing else of it. */
export interface PipelineSink {
  /** Dial the upstream. Only ever called on the way up, before any data. */
  open(): void;
  /** False asks for no more until `drained`. */
  data(bytes: Buffer): boolean;
  /** The last thing that a pipeline says, unless it was reset or closed. */
  end(): void;
  /** In place of `end`: a fault ends the connection, and so the other direction too. */
  close(): void;
  /** A fault cuts the connection; the pipeline is closed already. */
  reset(): void;
  /** The source's RST has come through; the pipeline is closed already. Left out where the source is no socket. */
  broken?(): void;
  /** True: pause the source, because the bound is reached. False: it may go on. */
  saturated(isFull: boolean): void;
}

/** One fault of the list. Stages are the same if their ids are; one whose version differs is changed in place. */
export interface StageSpec {
  id: string;
  version?: unknown;
  /** Starts the fault on this connection; called once, when the stage is added, and again when it is changed. `memory` outlives the change. */
  open(memory: StageMemory): TcpTransform;
  /** Gives it a `tick` as soon as it is added. */
  tickAtOnce: boolean;
  /** Gives it a `removed` when it goes. */
  tellsRemoval?: boolean;
  /** Beyond so many bytes held by this stage the source is paused; the pipeline's bound if omitted. */
  heldBytesMax?: number;
}

/** Held signals of one pipeline, whatever their size: small ones cost more memory than their bytes. Beyond it the source is paused. */
const HELD_CHUNKS_MAX = 8_192;
/** Bytes held by all pipelines of the process; beyond it no stage holds more than the pipeline's own bound. */
const PROCESS_HELD_BYTES_MAX = 256 * 1024 * 1024;
/** A paused source goes on when half of the bound has left, or so much: on a long path it must not stand still for long. */
const LEFT_BYTES_MAX = 8 * 1024 * 1024;

/** What may have to wait for the sink; a RST never does. */
type Deliverable = Exclude<StageOutput, { kind: 'reset' | 'close' | 'broken' }>;

export class Pipeline {
  static #processHeldBytes = 0;
  readonly #sink: PipelineSink;
  readonly #heldBytesMax: number;
  readonly #ports: StagePorts;
  #stages: PipelineStage[] = [];
  /** What has passed all stages and waits for the sink. */
  readonly #outlet: Deliverable[] = [];
  #isSinkReady = true;
  #heldBytes = 0;
  #heldChunks = 0;
  #isFull = false;
  /** A fault has said that the end of this direction is the end of the connection. */
  #closesAtEnd = false;
  #state: 'open' | 'ended' | 'closed' = 'open';

  /**
   * `heldBytesMax`: beyond so many bytes held by one stage, or waiting for the sink, the source is asked to pause, until half of them (or
   * 8 MiB) have left; one read more may be held.
   */
  constructor({ clock, heldBytesMax, sink }: { clock: Clock; heldBytesMax: number; sink: PipelineSink }) {
    this.#sink = sink;
    this.#heldBytesMax = heldBytesMax;
    this.#ports = {
      clock,
      pass: (stage, output) => this.#passOn(stage, output),
      held: ({ bytes, chunks }) => this.#hold(bytes, chunks),
    };
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Nothing held, no stages, and the stream goes on: the link may do without the pipeline. */
  get idle(): boolean {
    return this.#state === 'open' && this.#stages.length === 0 && this.#outlet.length === 0;
  }

  /** Takes the next signal of the source. When it is over, signals are dropped; but a RST is always told, for nothing can hold it any more. */
  push(signal: Exclude<TcpSignal, { kind: 'tick' | 'removed' }>): void {
    if (this.#isOver()) {
      if (signal.kind === 'broken') this.#sink.broken?.();
      return;
    }
    const first = this.#stages[0];
    if (first === undefined) this.#deliver(signal);
    else first.take(signal);
  }

  /** The sink can take more. */
  drained(): void {
    this.#isSinkReady = true;
    while (this.#isSinkReady && !this.#isOver()) {
      const output = this.#outlet.shift();
      if (output === undefined) return;
      this.#hold(-bytesOf(output), -1);
      this.#toSink(output);
    }
  }

  /**
   * Replaces the list of stages. Those that stay, in the order they had, keep their queue and state; those that go release what they
   * hold, at once and in order, into what stays behind them; those that come start empty; those that are changed decide anew on what they hold.
   */
  setStages(specs: readonly StageSpec[]): void {
    if (this.#isOver()) return;
    const kept = keptStages(this.#stages, specs);
    this.#drop(kept);
    if (this.#isOver()) return;
    const added: { stage: PipelineStage; spec: StageSpec }[] = [];
    const changed: { stage: PipelineStage; spec: StageSpec }[] = [];
    this.#stages = specs.map((spec, i) => {
      const old = kept[i];
      if (old !== undefined) {
        if (old.version !== spec.version) changed.unshift({ stage: old, spec });
        return old;
      }
      const stage = this.#createStage(spec);
      added.push({ stage, spec });
      return stage;
    });
    for (const { stage, spec } of changed) stage.change(spec.version, (memory) => spec.open(memory));
    for (const { stage, spec } of [...added, ...changed]) if (spec.tickAtOnce) stage.take({ kind: 'tick' });
  }

  /** Takes out the stages that are not kept: from the last to the first, for what comes later in the stream stands further forward, and a stage that goes must not see it. */
  #drop(kept: readonly (PipelineStage | undefined)[]): void {
    if (kept.filter((stage) => stage !== undefined).length === this.#stages.length) return;
    const staying = new Set(kept);
    for (const stage of this.#stages.toReversed()) {
      if (staying.has(stage)) continue;
      stage.flush();
      this.#stages = this.#stages.filter((s) => s !== stage);
    }
  }

  /** Forgets everything held. No timer is alive afterwards. */
  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#forgetHeld();
  }

  #createStage({ id, version, open, tellsRemoval = false, heldBytesMax = this.#heldBytesMax }: StageSpec): PipelineStage {
    return new PipelineStage(this.#ports, { id, version, tellsRemoval, heldBytesMax, open });
  }

  #isOver(): boolean {
    return this.#state !== 'open';
  }

  #passOn(stage: PipelineStage, output: StageOutput): void {
    if (this.#isOver()) return;
    const next = this.#stages[this.#stages.indexOf(stage) + 1];
    if (output.kind === 'reset') {
      // A cut does not wait for what later stages hold.
      this.close();
      this.#sink.reset();
      return;
    }
    this.#closesAtEnd ||= output.kind === 'close';
    // To the stages that follow, the end of the connection is the end of the stream.
    const signal = output.kind === 'close' ? ({ kind: 'end' } as const) : output;
    if (next === undefined) this.#deliver(signal);
    else next.take(signal);
  }

  #deliver(output: Deliverable | { kind: 'broken' }): void {
    if (output.kind === 'broken') {
      // The sink would be told of it whatever it has not taken yet.
      this.close();
      this.#sink.broken?.();
      return;
    }
    // While the sink is ready, nothing waits for it: `drained` does not return before one of the two is over.
    if (this.#isSinkReady) {
      this.#toSink(output);
      return;
    }
    const last = this.#outlet.at(-1);
    const merged = output.kind === 'data' && last?.kind === 'data' && adjoining(last.bytes, output.bytes);
    if (merged) this.#outlet[this.#outlet.length - 1] = { kind: 'data', bytes: merged };
    else this.#outlet.push(output);
    this.#hold(bytesOf(output), merged ? 0 : 1);
  }

  #toSink(output: Deliverable): void {
    switch (output.kind) {
      case 'open':
        this.#sink.open();
        return;
      case 'data':
        this.#isSinkReady = this.#sink.data(output.bytes);
        return;
      case 'end':
        this.#state = 'ended';
        this.#endSink();
        return;
    }
  }

  #endSink(): void {
    // Bytes held now came after an end that a fault has made: nobody will read them. A RST is told nevertheless.
    const isBroken = this.#forgetHeld();
    if (this.#closesAtEnd) this.#sink.close();
    else this.#sink.end();
    if (isBroken) this.#sink.broken?.();
  }

  /** True: the source's RST was among it. */
  #forgetHeld(): boolean {
    const isBroken = this.#stages.map((stage) => stage.discard()).includes(true);
    this.#stages = [];
    for (const output of this.#outlet.splice(0)) this.#hold(-bytesOf(output), -1);
    return isBroken;
  }

  #hold(bytes: number, chunks: number): void {
    this.#heldBytes += bytes;
    this.#heldChunks += chunks;
    Pipeline.#processHeldBytes += bytes;
    if (this.#state === 'closed' || this.#isFull === this.#isBeyondBound()) return;
    this.#isFull = !this.#isFull;
    this.#sink.saturated(this.#isFull);
  }

  /** Whether so much is held that the source has to pause, or to stay paused. */
  #isBeyondBound(): boolean {
    if (this.#heldChunks > (this.#isFull ? HELD_CHUNKS_MAX / 2 : HELD_CHUNKS_MAX)) return true;
    // The common case: nothing can be beyond its own bound.
    if (this.#heldBytes <= this.#limitOf(this.#heldBytesMax)) return false;
    const isCrowded = Pipeline.#processHeldBytes > PROCESS_HELD_BYTES_MAX;
    let outletBytes = this.#heldBytes;
    for (const { heldBytes, heldBytesMax } of this.#stages) {
      outletBytes -= heldBytes;
      if (heldBytes > this.#limitOf(isCrowded ? this.#heldBytesMax : heldBytesMax)) return true;
    }
    return outletBytes > this.#limitOf(this.#heldBytesMax);
  }

  /** Where a paused source goes on lies below where it was paused, so that it does not do both all the time. */
  #limitOf(bytesMax: number): number {
    return this.#isFull ? bytesMax - Math.min(bytesMax / 2, LEFT_BYTES_MAX) : bytesMax;
  }
}

/** The bytes of both, without a copy, if `next` stands right behind `last` in memory: what a fault has cut up need not wait in pieces. */
function adjoining(last: Buffer, next: Buffer): Buffer | undefined {
  if (last.buffer !== next.buffer || last.byteOffset + last.length !== next.byteOffset) return undefined;
  return Buffer.from(last.buffer, last.byteOffset, last.length + next.length);
}

/** For each of the new list the stage that it keeps: those it names in the order in which they stand. One that would change places is not kept. */
function keptStages(stages: readonly PipelineStage[], specs: readonly StageSpec[]): readonly (PipelineStage | undefined)[] {
  let from = 0;
  return specs.map(({ id }) => {
    // Not from the first on each time: hundreds of faults on thousands of connections come one by one.
    let at = from;
    while (at < stages.length && stages[at]?.id !== id) at += 1;
    const stage = stages[at];
    if (stage !== undefined) from = at + 1;
    return stage;
  });
}
