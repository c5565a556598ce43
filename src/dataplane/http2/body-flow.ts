/**
 * The body of one message from the stream that it comes by to the one that it leaves by, at the pace of the latter. Edits of faults stand between
 * the two as stages of a pipeline; without any, bytes go straight on. The head goes out when all is known that it has to say.
 */
import type { Http2Stream } from 'node:http2';
import type { Clock } from '../../core/clock.js';
import type { ActiveFault } from '../faults/active-fault.js';
import type { BodyEdit } from '../faults/fault.js';
import type { Edit } from '../http/rule-on.js';
import { Pipeline, type PipelineSink, type StageSpec } from '../pipeline.js';
import { type HeadChange, mergeChanges } from './head-change.js';
import { openWhole } from './whole-body.js';

export interface BodyFlowHost {
  /** Sends the head; returns the stream for the body, or undefined if there is none to send it to. */
  begin(change: HeadChange): Http2Stream | undefined;
  /** So many bytes have come. */
  received(byteCount: number): void;
  /** The source has ended, and all of it is on its way. */
  ended(): void;
  /** A fault lets the body end before its end: the stream is to be reset once it has taken what it was given. */
  cutShort(): void;
}

export interface BodyFlowOptions {
  clock: Clock;
  heldBytesMax: number;
  edits: readonly Edit[];
  /** False: the head is all there is. */
  hasBody: boolean;
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
  #change: HeadChange = { head: {}, length: 'same' };
  /** Bodies that are waited for before the head can go. */
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

  get isOver(): boolean {
    return this.#state === 'over';
  }

  start(): void {
    const { edits, hasBody } = this.#options;
    for (const { head = {} } of edits) this.#changeHead({ head, length: 'same' });
    this.#stages = hasBody ? edits.flatMap((edit) => this.#stageOf(edit)) : [];
    if (this.#stages.length > 0) {
      // The narrowest of their bounds is that of the whole: nothing is read ahead of a fault that wants nothing read.
      const heldBytesMax = Math.min(
        this.#options.heldBytesMax,
        ...this.#stages.map(({ spec }) => spec.heldBytesMax ?? Number.POSITIVE_INFINITY),
      );
      this.#pipeline = new Pipeline({ clock: this.#options.clock, heldBytesMax, sink: this.#sink() });
      this.#pipeline.setStages(this.#stages.map(({ spec }) => spec));
    }
    if (this.#unsettled === 0) this.#begin();
    if (this.#state === 'over') return;
    this.#source.on('data', (bytes: Buffer) => this.#received(bytes));
    this.#source.once('end', () => this.#sourceEnded());
  }

  /** Forgets the edits of faults that are not in `faults` any more; what they held goes on. */
  retain(faults: readonly ActiveFault[]): void {
    this.#stages = this.#stages.filter(({ fault }) => faults.includes(fault));
    this.#pipeline?.setStages(this.#stages.map(({ spec }) => spec));
  }

  /** Takes nothing more, and keeps nothing. */
  close(): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    // Stages are told that they go, so that what they keep outside the pipeline is freed; nothing of it arrives.
    this.#pipeline?.setStages([]);
    this.#pipeline?.close();
  }

  #stageOf({ fault, body }: Edit): Stage[] {
    if (body === undefined) return [];
    if (body.kind === 'stream') this.#changeHead({ head: {}, length: body.length });
    else this.#unsettled += 1;
    const open = body.kind === 'stream' ? () => body.open() : () => this.#openWhole(body);
    const heldBytesMax = body.kind === 'stream' ? body.heldBytesMax : undefined;
    const spec: StageSpec = {
      id: fault.id,
      open,
      tickAtOnce: false,
      tellsRemoval: true,
      ...(heldBytesMax !== undefined && { heldBytesMax }),
    };
    return [{ fault, spec }];
  }

  #openWhole(edit: Extract<BodyEdit, { kind: 'whole' }>): ReturnType<typeof openWhole> {
    return openWhole(edit, this.#options.clock, (change) => {
      if (this.#state !== 'waiting') return;
      if (change !== undefined) this.#changeHead(change);
      this.#unsettled -= 1;
      if (this.#unsettled === 0) this.#begin();
    });
  }

  #changeHead(change: HeadChange): void {
    this.#change = mergeChanges(this.#change, change);
  }

  #begin(): void {
    this.#state = 'flowing';
    this.#target = this.#host.begin(this.#change);
    if (this.#target === undefined) this.close();
    else this.#target.on('drain', () => this.#drained());
  }

  #received(bytes: Buffer): void {
    if (this.#state === 'over') return;
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
    if (this.#state === 'over' || this.#source.rstCode !== 0) return;
    if (this.#pipeline !== undefined) this.#pipeline.push({ kind: 'end' });
    else this.#end();
  }

  #sink(): PipelineSink {
    return {
      open: () => {},
      data: (bytes) => this.#write(bytes),
      end: () => (this.#change.length === 'raw' ? this.#cutShort() : this.#end()),
      close: () => this.#cutShort(),
      reset: () => this.#cutShort(),
      saturated: (isFull) => (isFull ? this.#source.pause() : this.#source.resume()),
    };
  }

  #write(bytes: Buffer): boolean {
    return this.#target === undefined || this.#target.writableEnded || this.#target.destroyed || this.#target.write(bytes);
  }

  #end(): void {
    this.#state = 'over';
    this.#host.ended();
  }

  #cutShort(): void {
    this.#state = 'over';
    this.#host.cutShort();
  }
}
