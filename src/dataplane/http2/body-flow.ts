/**
 * The body of one message from the stream that it comes by to the one that it leaves by, at the pace of the latter. Edits of faults stand between
 * the two as stages of a pipeline; without any, bytes go straight on. The head goes out when all is known that it has to say, and with it what came in the
 * same turn of the event loop: of a message that is whole by then, it is known whether it has trailers, and so Node need not be told to ask for them.
 */
import type { Http2Stream } from 'node:http2';
import type { Clock } from '../../core/clock.js';
import type { ActiveFault } from '../faults/active-fault.js';
import type { TcpTransform } from '../faults/fault.js';
import type { WholeEdit } from '../http/rewrite-plan.js';
import type { Edit } from '../http/rule-on.js';
import { Pipeline, type PipelineSink, type StageSpec } from '../pipeline.js';
import type { EarlyBody } from './body-peek.js';
import { type HeadChange, mergeChanges, UNCHANGED } from './head-change.js';
import { openWhole } from './whole-body.js';

/** Bytes that wait for the end of the turn in which the head came; beyond it, the head goes out. */
const FIRST_BYTES_MAX = 64 * 1024;

/** How much of a body is known when its head goes out. `none`: there is none. `whole`: all of it is here. `open`: it may go on. */
export type BodyExtent = 'none' | 'whole' | 'open';

export interface BodyFlowHost {
  /** Sends the head; returns the stream for the body, or undefined if there is none to send it to. */
  begin(change: HeadChange, extent: BodyExtent): Http2Stream | undefined;
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
  /** What came in the turn of the head; undefined when that is over, or was not waited for. */
  #first: Buffer[] | undefined;
  #firstBytes = 0;

  constructor(source: Http2Stream, options: BodyFlowOptions, host: BodyFlowHost) {
    this.#source = source;
    this.#options = options;
    this.#host = host;
  }

  get heldBytes(): number {
    return this.#pipeline?.heldBytes ?? 0;
  }

  start(): void {
    const { edits, early, hasBody } = this.#options;
    this.#stages = edits.flatMap((edit, index) => this.#stageOf(edit, index));
    if (this.#stages.length > 0) this.#pipeline = this.#createPipeline();
    if (this.#pipeline === undefined && early === undefined && hasBody) {
      this.#first = [];
      // Node tells of all that one read has brought before it runs microtasks.
      queueMicrotask(() => this.beginNow());
    } else if (this.#unsettled === 0) {
      this.#begin('open');
    }
    if (this.#isOver()) return;
    this.#source.on('data', (bytes: Buffer) => this.#received(bytes));
    this.#source.once('end', () => this.#sourceEnded());
    if (early === undefined) return;
    for (const bytes of early.bytes) this.#received(bytes);
    if (early.hasEnded) this.#sourceEnded();
    else if (!this.#isOver() && this.#target?.writableNeedDrain !== true) this.#source.resume();
  }

  /** Waits no longer for what may come in the turn of the head. */
  beginNow(): void {
    if (this.#first !== undefined && !this.#isOver()) this.#begin('open');
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
    this.#first = undefined;
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
      if (this.#unsettled === 0) this.#begin('open');
    });
  }

  #begin(extent: 'whole' | 'open'): void {
    const change = this.#changes.reduce<HeadChange>(
      (merged, next) => (next === undefined ? merged : mergeChanges(merged, next)),
      UNCHANGED,
    );
    const { length } = change;
    const hasBody = this.#options.hasBody || (typeof length === 'number' && length > 0);
    const first = this.#first;
    this.#first = undefined;
    this.#state = 'flowing';
    this.#target = this.#host.begin(change, hasBody ? extent : 'none');
    if (this.#target === undefined) {
      this.close();
      return;
    }
    if (extent === 'open') this.#target.on('drain', () => this.#drained());
    for (const bytes of first ?? []) if (!this.#write(bytes)) this.#source.pause();
  }

  #received(bytes: Buffer): void {
    if (this.#isOver()) return;
    this.#host.received(bytes.length);
    if (this.#first !== undefined) this.#keepFirst(this.#first, bytes);
    else if (this.#pipeline !== undefined) this.#pipeline.push({ kind: 'data', bytes });
    else if (!this.#write(bytes)) this.#source.pause();
  }

  #keepFirst(first: Buffer[], bytes: Buffer): void {
    first.push(bytes);
    this.#firstBytes += bytes.length;
    if (this.#firstBytes > FIRST_BYTES_MAX) this.beginNow();
  }

  #drained(): void {
    if (this.#pipeline !== undefined) this.#pipeline.drained();
    else this.#source.resume();
  }

  #sourceEnded(): void {
    // A stream that was reset seems to end, too.
    if (this.#isOver() || this.#source.rstCode !== 0) return;
    if (this.#first !== undefined) this.#begin('whole');
    if (this.#pipeline !== undefined) this.#pipeline.push({ kind: 'end' });
    else if (!this.#isOver()) this.#end();
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
