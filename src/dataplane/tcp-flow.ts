/**
 * One direction of one TCP connection. Without faults, bytes go straight from wire to wire; with them, through a pipeline. It changes
 * from one to the other while bytes are under way, without losing or reordering any.
 */
import type { Clock } from '../core/clock.js';
import type { FlowDirection } from './faults/fault.js';
import { Pipeline, type PipelineSink, type StageSpec } from './pipeline.js';
import type { Wire } from './wire.js';

/** What all flows of a link have in common. Shared, because what every idle connection keeps for itself adds up. */
export interface TcpFlowPorts {
  clock: Clock;
  heldBytesMax: number;
  /** False: the end of a direction closes the target, both ways, once all is written. */
  halfClose: boolean;
  /** So many bytes came from the source. */
  received(direction: FlowDirection, byteCount: number): void;
  /** So many bytes were handed to the target. */
  count(direction: FlowDirection, byteCount: number): void;
}

/** The connection, to both of its flows. */
export interface TcpFlowEvents {
  /** Dial the upstream; called once, on the way up. */
  open(): void;
  /** A fault ends the connection. */
  close(): void;
  /** A fault cuts the connection. */
  reset(): void;
  /** The source of that direction is gone without an orderly end, and the target is to know it. */
  broken(direction: FlowDirection): void;
}

export class TcpFlow {
  /** Undefined until it is there: the upstream may not have been dialled yet. */
  source: Wire | undefined;
  target: Wire | undefined;
  byteCount = 0;
  readonly #direction: FlowDirection;
  readonly #ports: TcpFlowPorts;
  readonly #events: TcpFlowEvents;
  #pipeline: Pipeline | undefined;
  #isFull = false;

  constructor(direction: FlowDirection, ports: TcpFlowPorts, events: TcpFlowEvents) {
    this.#direction = direction;
    this.#ports = ports;
    this.#events = events;
  }

  get heldBytes(): number {
    return this.#pipeline?.heldBytes ?? 0;
  }

  /** The connection is there: dials, unless a stage holds the signal. */
  open(): void {
    if (this.#pipeline === undefined) this.#events.open();
    else this.#pipeline.push({ kind: 'open' });
  }

  /** Borrowed bytes from the source. */
  data(bytes: Buffer): void {
    this.#ports.received(this.#direction, bytes.length);
    if (this.#pipeline !== undefined) {
      this.#pipeline.push({ kind: 'data', bytes: this.source?.keep(bytes) ?? Buffer.from(bytes) });
      return;
    }
    const { source, target } = this;
    if (source === undefined || target === undefined) return;
    this.#count(bytes);
    if (!target.forward(bytes, source)) source.pause();
  }

  /** The source half-closed. */
  end(): void {
    if (this.#pipeline === undefined) this.#endTarget();
    else this.#pipeline.push({ kind: 'end' });
  }

  /** The source is gone without an orderly end. Faults may keep that from the target. */
  broken(): void {
    if (this.#pipeline === undefined) this.#events.broken(this.#direction);
    else this.#pipeline.push({ kind: 'broken' });
  }

  /** The target can take more. */
  drained(): void {
    this.#pipeline?.drained();
    this.#leavePipelineIfIdle();
    if (!this.#isFull) this.source?.resume();
  }

  setStages(stages: readonly StageSpec[]): void {
    if (this.#pipeline === undefined && stages.length === 0) return;
    this.#pipeline ??= new Pipeline({ clock: this.#ports.clock, heldBytesMax: this.#ports.heldBytesMax, sink: this.#sink() });
    this.#pipeline.setStages(stages);
    this.#leavePipelineIfIdle();
  }

  /** Forgets what is held, and drops what still comes. */
  close(): void {
    this.#pipeline?.close();
    this.target = undefined;
  }

  #leavePipelineIfIdle(): void {
    if (this.#pipeline?.idle) this.#pipeline = undefined;
  }

  #sink(): PipelineSink {
    return {
      open: () => this.#events.open(),
      data: (bytes) => {
        this.#count(bytes);
        return this.target?.write(bytes) ?? true;
      },
      end: () => this.#endTarget(),
      close: () => this.#events.close(),
      reset: () => this.#events.reset(),
      broken: () => this.#events.broken(this.#direction),
      saturated: (isFull) => {
        this.#isFull = isFull;
        if (isFull) this.source?.pause();
        else this.source?.resume();
      },
    };
  }

  #endTarget(): void {
    if (this.#ports.halfClose) this.target?.end();
    else this.target?.close();
  }

  #count(bytes: Buffer): void {
    this.byteCount += bytes.length;
    this.#ports.count(this.#direction, bytes.length);
  }
}
