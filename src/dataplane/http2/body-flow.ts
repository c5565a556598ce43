/**
 * The body of one message from the stream that it comes by to the one that it leaves by, at the pace of the latter. Edits of faults stand between
 * the two as stages of a pipeline; without any, bytes go straight on. The head goes out when all is known that it has to say.
 */
import type { Http2Stream } from 'node:http2';
import type { Clock } from '../../core/clock.js';
import type { ActiveFault } from '../faults/active-fault.js';
import type { TcpTransform } from '../faults/fault.js';
import type { WholeEdit } from '../http/rewrite-plan.js';
import type { Edit } from '../http/rule-on.js';
import { Pipeline, type PipelineSink, type StageSpec } from '../pipeline.js';
import type { EarlyBody } from './body-peek.js';
import { type HeadChange, mergeChanges } from './head-change.js';
import { openWhole } from './whole-body.js';

const UNCHANGED: HeadChange = { head: {}, length: 'same' };

export interface BodyFlowHost {
  /** Sends the head; returns the stream for the body, or undefined if there is none to send it to. */
  begin(change: HeadChange, hasBody: boolean): Http2Stream | undefined;
  /** So many bytes have come. */
  received(byteCount: number): void;
  /** These bytes have gone on. */
  sent?(bytes: Buffer): void;
  /** The body is over, and all of it is on its way. */
  ended(): void;
  /** A fault lets it end before its end: the stream is to be reset once it has taken what it was given. */
  cutShort(): void;
  /** What a fault was to do to it cannot be done. */
  missed(fault: ActiveFault): void;
}

export interface BodyFlowOptions {
  clock: Clock;
  heldBytesMax: number;
  /** Those that can be made. */
  edits: readonly Edit[];
  /** False: the head is all there is, unless an edit makes a body. */
  hasBody: boolean;
  /** What was read of it before. */
  early: EarlyBody | undefined;
}

interface Stage {
  fault: ActiveFault;
  spec: StageSpec;
}

export class BodyFlow {
  readonly #source: Http2Stream;
  readonly #options: BodyFlowOptions;
  readonly #host: BodyFlowHost;
  #target: Http2Stream | undefined;
  #pipeline: Pipeline | undefined;
  #stages: readonly Stage[] = [];
  /** What each edit says of the head; nothing if it is not made. */
  readonly #changes: (HeadChange | undefined)[] = [];
  /** Edits that wait for the whole body, and the head with them. */
  #unsettled = 0;
  #state: 'waiting' | 'flowing' | 'over' = 'waiting';

  constructor(source: Http2Stream, options: BodyFlowOptions, host: BodyFlowHost) {
    this.#source = source;
    this.#options = options;
    this.#host = host;
  }

  get heldBytes(): number {
    return this.#pipeline?.heldBytes ?? 0;
  }

  start(): void {
    const { edits, early } = this.#options;
    this.#stages = edits.flatMap((edit, index) => this.#stageOf(edit, index));
    if (this.#stages.length > 0) this.#pipeline = this.#createPipeline();
    if (this.#unsettled === 0) this.#begin();
    if (this.#isOver()) return;
    this.#source.on('data', (bytes: Buffer) => this.#received(bytes));
    this.#source.once('end', () => this.#sourceEnded());
    if (early === undefined) return;
    for (const bytes of early.bytes) this.#received(bytes);
    if (early.hasEnded) this.#sourceEnded();
    else if (!this.#isOver() && this.#target?.writableNeedDrain !== true) this.#source.resume();
  }

  /** Forgets the edits of faults that are not in `faults` any more; what they held goes on. */
  retain(faults: readonly ActiveFault[]): void {
    this.#stages = this.#stages.filter(({ fault }) => faults.includes(fault));
    this.#pipeline?.setStages(this.#stages.map(({ spec }) => spec));
  }

  /** Takes nothing more, and keeps nothing. */
  close(): void {
    if (this.#isOver()) return;
    this.#state = 'over';
    // Stages are told that they go, so that what they keep outside the pipeline is freed; nothing of it arrives.
    this.#pipeline?.setStages([]);
    this.#pipeline?.close();
  }

  #createPipeline(): Pipeline {
    const specs = this.#stages.map(({ spec }) => spec);
    // The narrowest of their bounds is that of the whole: nothing is read ahead of a fault that wants nothing read.
    const bounds = specs.map(({ heldBytesMax = Number.POSITIVE_INFINITY }) => heldBytesMax);
    const { clock, heldBytesMax } = this.#options;
    const pipeline = new Pipeline({ clock, heldBytesMax: Math.min(heldBytesMax, ...bounds), sink: this.#sink() });
    pipeline.setStages(specs);
    return pipeline;
  }

  #stageOf(edit: Edit, index: number): Stage[] {
    const { fault, head = {}, body } = edit;
    if (body?.kind === 'whole') {
      this.#unsettled += 1;
      return [{ fault, spec: stageSpec(fault, () => this.#openWhole({ ...edit, body }, index)) }];
    }
    this.#changes[index] = { head, length: body?.length ?? 'same' };
    if (body === undefined) return [];
    const { heldBytesMax } = body;
    return [{ fault, spec: { ...stageSpec(fault, () => body.open()), ...(heldBytesMax !== undefined && { heldBytesMax }) } }];
  }

  #openWhole(edit: WholeEdit, index: number): TcpTransform {
    return openWhole(edit, this.#options.clock, (change) => {
      if (this.#state !== 'waiting') return;
      if (change === undefined) this.#host.missed(edit.fault);
      this.#changes[index] = change;
      this.#unsettled -= 1;
      if (this.#unsettled === 0) this.#begin();
    });
  }

  #begin(): void {
    const change = this.#changes.reduce<HeadChange>(
      (merged, next) => (next === undefined ? merged : mergeChanges(merged, next)),
      UNCHANGED,
    );
    const { length } = change;
    const hasBody = this.#options.hasBody || (typeof length === 'number' && length > 0);
    this.#state = 'flowing';
    this.#target = this.#host.begin(change, hasBody);
    if (this.#target === undefined) this.close();
    else this.#target.on('drain', () => this.#drained());
  }

  #received(bytes: Buffer): void {
    if (this.#isOver()) return;
    this.#host.received(bytes.length);
    if (this.#pipeline !== undefined) this.#pipeline.push({ kind: 'data', bytes });
    else if (!this.#write(bytes)) this.#source.pause();
  }

  #drained(): void {
    if (this.#pipeline !== undefined) this.#pipeline.drained();
    else this.#source.resume();
  }

  #sourceEnded(): void {
    // A stream that was reset seems to end, too.
    if (this.#isOver() || this.#source.rstCode !== 0) return;
    if (this.#pipeline !== undefined) this.#pipeline.push({ kind: 'end' });
    else this.#end();
  }

  #sink(): PipelineSink {
    return {
      open: () => {},
      data: (bytes) => this.#write(bytes),
      end: () => this.#end(),
      close: () => this.#cutShort(),
      reset: () => this.#cutShort(),
      saturated: (isFull) => (isFull ? this.#source.pause() : this.#source.resume()),
    };
  }

  #write(bytes: Buffer): boolean {
    const target = this.#target;
    // A head may have been made one that has no body.
    if (target === undefined || target.writableEnded || target.destroyed) return true;
    this.#host.sent?.(bytes);
    return target.write(bytes);
  }

  #end(): void {
    this.#state = 'over';
    this.#host.ended();
  }

  #cutShort(): void {
    this.#state = 'over';
    this.#host.cutShort();
  }

  /** Asked through a function, because whatever the host is told may change it. */
  #isOver(): boolean {
    return this.#state === 'over';
  }
}

function stageSpec(fault: ActiveFault, open: () => TcpTransform): StageSpec {
  return { id: fault.id, open, tickAtOnce: false, tellsRemoval: true };
}
