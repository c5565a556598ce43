/**
 * One message on its way through the edits of the faults: its head is written anew, its body goes through the transforms, and is framed again
 * behind them. Edits that want the whole body come before those that want a stream of it, whatever their order. It owns the body's bytes and
 * waits until it is over or closed; whoever feeds it looks at `isFull`, and at how it ended.
 */
import type { Clock } from '../../core/clock.js';
import type { ActiveFault } from '../faults/active-fault.js';
import type { BodyEdit, HeadEdit } from '../faults/fault.js';
import { Pipeline, type PipelineSink, type StageSpec } from '../pipeline.js';
import { BodyCollector } from './body-collector.js';
import { BodyFramer } from './body-framer.js';
import { type EditedHead, mergeEdits } from './head-edit.js';
import { headOf, type Outgoing, outgoingOf, rewriteWhole, type Subject, type WholeEdit } from './rewrite-plan.js';
import type { Edit } from './rule-on.js';

export interface RewriterHost<H> {
  /** The head as it goes on, right before it does; undefined: as it came, for the edits would have spoilt it. */
  headReady(head: H | undefined): void;
  /** Sends bytes of ours. False: no more until `drained`. */
  send(bytes: Buffer): boolean;
  /** What this fault was to do cannot be done to this message. */
  missed(fault: ActiveFault, why?: 'gone'): void;
  /** The last byte has been sent. */
  over(): void;
  /** `isFull` has changed. */
  steer(): void;
  /** A fault cuts the connection. */
  cut(): void;
}

export interface RewriterPorts {
  clock: Clock;
  /** Bytes held by one transform, beyond which the source is to be paused. */
  heldBytesMax: number;
}

type StreamEdit = Edit & { body: Extract<BodyEdit, { kind: 'stream' }> };
type State = 'collecting' | 'flowing' | 'over';

const isWhole = (edit: Edit): edit is WholeEdit => edit.body?.kind === 'whole';
const isStream = (edit: Edit): edit is StreamEdit => edit.body?.kind === 'stream';

export class MessageRewriter<H> {
  readonly #ports: RewriterPorts;
  readonly #subject: Subject<H>;
  readonly #host: RewriterHost<H>;
  readonly #pipeline: Pipeline;
  #edits: readonly Edit[];
  #state: State = 'flowing';
  #collector: BodyCollector | undefined;
  #framer = new BodyFramer('none');
  /** Its length is the sender's own, so the sender's end comes right behind the last byte, and the transforms are to see it. */
  #awaitsEnd = false;
  #isFull = false;
  /** It breaks off: nothing tells its end but that of the connection. */
  #isShort = false;
  #trailers = '';

  constructor(ports: RewriterPorts, { subject, edits }: { subject: Subject<H>; edits: readonly Edit[] }, host: RewriterHost<H>) {
    this.#ports = ports;
    this.#subject = subject;
    this.#edits = edits;
    this.#host = host;
    this.#pipeline = new Pipeline({ ...ports, sink: this.#sink() });
  }

  /** Whether the source should be paused. */
  get isFull(): boolean {
    return this.#isFull;
  }

  get heldBytes(): number {
    return this.#pipeline.heldBytes + (this.#collector?.byteCount ?? 0);
  }

  get isOver(): boolean {
    return this.#state === 'over';
  }

  /** Whether its head still waits for its body. */
  get isCollecting(): boolean {
    return this.#state === 'collecting';
  }

  /** Once it is over: whether the reader got all that it was promised. */
  get isWhole(): boolean {
    return !this.#isShort && this.#framer.isWhole;
  }

  /** Once it is over: whether nothing may follow it on its connection. */
  get endsConnection(): boolean {
    return !this.isWhole || this.#framer.endsConnection;
  }

  start(): void {
    const wholes = this.#edits.filter(isWhole);
    if (wholes.length === 0) {
      this.#begin(headOf(this.#edits), undefined);
      return;
    }
    this.#state = 'collecting';
    this.#collector = new BodyCollector(this.#ports.clock, Math.max(...wholes.map(({ body }) => body.bytesMax)), () => this.#giveUp());
  }

  /** The next bytes of the body, without their framing; they are copied. */
  take(bytes: Buffer): void {
    if (this.#collector !== undefined) this.#collector.add(bytes);
    else if (this.#state === 'flowing') this.#pipeline.push({ kind: 'data', bytes: Buffer.from(bytes) });
  }

  /** The body is over. `trailers` are the field lines behind its last chunk. */
  end(trailers: string): void {
    if (this.#state === 'over') return;
    this.#trailers = trailers;
    if (this.#collector !== undefined) this.#rewrite(this.#collector.take());
    if (this.#state === 'flowing') this.#pipeline.push({ kind: 'end' });
  }

  /** There will be no more, though there should be. */
  breakOff(): void {
    this.#giveUp();
    this.#isShort = true;
    this.#pipeline.push({ kind: 'end' });
  }

  /** The sink can take more. */
  drained(): void {
    this.#pipeline.drained();
  }

  /** Takes out the transforms of faults that are gone. */
  retain(faults: readonly ActiveFault[]): void {
    const gone = this.#edits.filter(({ fault }) => !faults.includes(fault));
    if (this.isCollecting) this.#miss(gone, 'gone');
    else this.#edits = this.#edits.filter((edit) => !gone.includes(edit));
    if (this.#state === 'flowing') this.#pipeline.setStages(this.#stages());
    else if (this.#collector !== undefined && !this.#edits.some(isWhole)) this.#giveUp();
  }

  /** Forgets what it holds. No timer is alive afterwards. */
  close(): void {
    this.#state = 'over';
    this.#collector?.take();
    this.#collector = undefined;
    this.#pipeline.close();
    this.#isFull = false;
  }

  #giveUp(): void {
    const collector = this.#collector;
    if (collector === undefined) return;
    this.#collector = undefined;
    this.#miss(this.#edits.filter(isWhole));
    this.#begin(mergeEdits(headOf(this.#edits), this.#subject.onWhole), undefined);
    const bytes = collector.take();
    if (bytes.length > 0) this.#pipeline.push({ kind: 'data', bytes });
  }

  /** The body is whole: every edit that wants it so has its turn, on what the one before has left. */
  #rewrite(collected: Buffer): void {
    this.#collector = undefined;
    this.#miss(this.#edits.filter((edit) => isWhole(edit) && collected.length > edit.body.bytesMax));
    let body = collected;
    let head = this.#subject.onWhole;
    const unmade: Edit[] = [];
    for (const edit of this.#edits) {
      const change = isWhole(edit) ? rewriteWhole(edit, body) : { head: edit.head, body };
      if (change === undefined) unmade.push(edit);
      head = mergeEdits(head, change?.head);
      body = change?.body ?? body;
    }
    this.#miss(unmade);
    if (this.#begin(head, body)) this.#pushBody(body);
    else this.#pushBody(collected);
  }

  #pushBody(bytes: Buffer): void {
    if (bytes.length > 0) this.#pipeline.push({ kind: 'data', bytes });
  }

  /** Sends the head. False: none that was asked for can be sent, so it goes on, with its body, as it came. */
  #begin(edit: HeadEdit, body: Buffer | undefined): boolean {
    this.#state = 'flowing';
    const lengths = this.#edits.filter(isStream).map((stream) => stream.body.length);
    const outgoing = outgoingOf(this.#subject, { edit, body, lengths });
    const head = this.#subject.head(edit, outgoing.field);
    if (head !== undefined) {
      this.#open(head, outgoing);
      return true;
    }
    this.#miss(this.#edits);
    const untouched = outgoingOf(this.#subject, { edit: {}, body: undefined, lengths: [] });
    this.#open(this.#subject.head(this.#subject.onWhole, untouched.field), untouched);
    return false;
  }

  #open(head: EditedHead<H> | undefined, { frame }: Outgoing): void {
    this.#framer = new BodyFramer(frame);
    this.#host.headReady(head?.parsed);
    if (head !== undefined) this.#host.send(head.bytes);
    this.#pipeline.setStages(this.#stages());
    const streams = this.#edits.filter(isStream);
    this.#awaitsEnd = streams.length > 0 && streams.every(({ body }) => body.length === 'same');
    this.#finishIfFull();
  }

  /** All that was promised has gone out, and what a transform would add is cut off. */
  #finishIfFull(): void {
    if (this.#framer.isFull && !this.#awaitsEnd) this.#finish();
  }

  #miss(edits: readonly Edit[], why?: 'gone'): void {
    this.#edits = this.#edits.filter((edit) => !edits.includes(edit));
    for (const { fault } of edits) this.#host.missed(fault, why);
  }

  #stages(): StageSpec[] {
    return this.#edits.filter(isStream).map(({ fault, body }) => ({
      id: fault.id,
      open: () => body.open(),
      tickAtOnce: false,
      tellsRemoval: true,
      ...(body.heldBytesMax !== undefined && { heldBytesMax: body.heldBytesMax }),
    }));
  }

  #sink(): PipelineSink {
    return {
      open: () => {},
      data: (bytes) => {
        const framed = this.#framer.frame(bytes);
        const mayGoOn = framed.length === 0 || this.#host.send(framed);
        this.#finishIfFull();
        return mayGoOn;
      },
      end: () => this.#finish(),
      close: () => {
        this.#isShort = true;
        this.#finish();
      },
      reset: () => this.#host.cut(),
      saturated: (isFull) => {
        this.#isFull = isFull;
        this.#host.steer();
      },
    };
  }

  #finish(): void {
    if (this.#state === 'over') return;
    const tail = this.#isShort ? undefined : this.#framer.end(this.#trailers);
    const wasFull = this.#isFull;
    this.close();
    if (tail !== undefined && tail.length > 0) this.#host.send(tail);
    this.#host.over();
    if (wasFull) this.#host.steer();
  }
}
