/**
 * The upstream half of an HTTP connection: the dial, the socket, and the pipelines of TCP faults in front of it. The relay above hands bytes in
 * and takes bytes out as if there were nothing between, so what it records is what the caller lived through.
 */
import type { Clock } from '../../core/clock.js';
import type { Address } from '../address.js';
import type { UpstreamDial } from '../link-ends.js';
import { Pipeline, type PipelineSink, type StageSpec } from '../pipeline.js';
import type { ProxyLimits } from '../proxy.js';
import type { Wire, WireHandlers } from '../wire.js';

export interface LegEvents {
  /** From the callee. `source` is the wire that lent the bytes; undefined: they are ours. False asks for no more until `resume`. */
  data(bytes: Buffer, source: Wire | undefined): boolean;
  /** The callee half-closed, and all it sent before has been handed over. */
  end(): void;
  /** True: send no more, because the bound is reached. False: go on. */
  saturated(isFull: boolean): void;
  /** A TCP fault cuts the connection. */
  reset(): void;
  /** The dial failed. */
  failed(error: NodeJS.ErrnoException): void;
  /** The callee is gone without an orderly end. */
  broken(error: NodeJS.ErrnoException): void;
  /** The socket is gone, for whatever reason; called once, if there ever was one. */
  gone(): void;
}

export interface LegOptions {
  clock: Clock;
  upstream: Address;
  /** Dials the upstream. */
  dial(dial: UpstreamDial): Wire;
  limits: ProxyLimits;
}

type LegState = 'idle' | 'asked' | 'dialling' | 'open' | 'closed';

export class UpstreamLeg {
  readonly #options: LegOptions;
  readonly #events: LegEvents;
  #state: LegState = 'idle';
  #wire: Wire | undefined;
  #up: Pipeline | undefined;
  #down: Pipeline | undefined;
  #isWireFull = false;
  #isPipelineFull = false;
  #isReadingPaused = false;
  #hasEnded = false;
  #isWireGone = false;
  /** Why the callee is gone, as long as the relay may not know it. */
  #failure: { kind: 'failed' | 'broken'; error: NodeJS.ErrnoException } | undefined;

  constructor(options: LegOptions, events: LegEvents) {
    this.#options = options;
    this.#events = events;
  }

  /** Whether anybody asked for the upstream yet. */
  get isIdle(): boolean {
    return this.#state === 'idle';
  }

  /** Whether there is no socket, or none any more. */
  get isGone(): boolean {
    return this.#wire === undefined || this.#isWireGone;
  }

  /** Whether TCP faults keep something from getting through. */
  get isHolding(): boolean {
    return this.#state === 'asked' || this.heldBytes > 0 || (this.#up !== undefined && !this.#hasEnded);
  }

  get heldBytes(): number {
    return (this.#up?.heldBytes ?? 0) + (this.#down?.heldBytes ?? 0);
  }

  /** Sends bytes that `source` lent, or our own if it is undefined. The first of them asks for the upstream; faults may hold that back. */
  send(bytes: Buffer, source: Wire | undefined): void {
    if (this.#state === 'idle') this.#open();
    if (this.#state === 'closed') return;
    if (this.#up !== undefined) this.#up.push({ kind: 'data', bytes: source === undefined ? bytes : Buffer.from(bytes) });
    else this.#transmit(bytes, source);
  }

  /** Half-closes after what was sent. */
  end(): void {
    if (this.#up !== undefined) this.#up.push({ kind: 'end' });
    else this.#endWire();
  }

  /** The relay can take more of what the callee sends. */
  resume(): void {
    if (this.#isReadingPaused) {
      this.#isReadingPaused = false;
      this.#wire?.resume();
    }
    this.#down?.drained();
    this.#dropIdle();
  }

  /** Puts these stages between relay and socket, on a live connection too. */
  setStages({ up, down }: { up: readonly StageSpec[]; down: readonly StageSpec[] }): void {
    if (this.#state === 'closed') return;
    if (up.length > 0) this.#up ??= this.#createPipeline(this.#upSink());
    if (down.length > 0) this.#down ??= this.#createPipeline(this.#downSink());
    this.#up?.setStages(up);
    this.#down?.setStages(down);
    this.#dropIdle();
  }

  reset(): void {
    this.#close();
    this.#wire?.reset();
  }

  destroy(): void {
    this.#close();
    this.#wire?.destroy();
  }

  #open(): void {
    this.#state = 'asked';
    if (this.#up === undefined) this.#dial();
    else this.#up.push({ kind: 'open' });
  }

  #close(): void {
    this.#state = 'closed';
    this.#up?.close();
    this.#down?.close();
  }

  #createPipeline(sink: PipelineSink): Pipeline {
    return new Pipeline({ clock: this.#options.clock, heldBytesMax: this.#options.limits.heldBytesMax, sink });
  }

  /** Without a pipeline, bytes go straight from socket to socket again. */
  #dropIdle(): void {
    if (this.#up?.idle) this.#up = undefined;
    if (this.#down?.idle) this.#down = undefined;
  }

  #upSink(): PipelineSink {
    return {
      open: () => this.#dial(),
      data: (bytes) => this.#transmit(bytes, undefined),
      end: () => this.#endWire(),
      close: () => this.#closedByFault(),
      reset: () => this.#events.reset(),
      saturated: (isFull) => this.#steer({ isPipelineFull: isFull }),
    };
  }

  #downSink(): PipelineSink {
    return {
      open: () => {},
      data: (bytes) => this.#events.data(bytes, undefined),
      end: () => this.#events.end(),
      close: () => this.#closedByFault(),
      reset: () => this.#events.reset(),
      broken: () => this.#tellFailure(),
      saturated: (isFull) => {
        if (isFull) this.#wire?.pause();
        else if (!this.#isReadingPaused) this.#wire?.resume();
      },
    };
  }

  #dial(): void {
    if (this.#state !== 'asked') return;
    this.#state = 'dialling';
    const { dial, clock, limits } = this.#options;
    this.#wire = dial({ clock, timeoutMs: limits.connectTimeoutMs, handlers: this.#handlers });
  }

  readonly #handlers: WireHandlers = {
    open: () => {
      if (this.#state === 'dialling') this.#state = 'open';
    },
    data: (bytes) => this.#received(bytes),
    end: () => {
      if (this.#state === 'closed') return;
      if (this.#down !== undefined) this.#down.push({ kind: 'end' });
      else this.#events.end();
    },
    drain: () => {
      this.#steer({ isWireFull: false });
      this.#up?.drained();
      this.#dropIdle();
    },
    close: (error) => this.#closed(error),
  };

  #received(bytes: Buffer): void {
    if (this.#state === 'closed') return;
    if (this.#down !== undefined) {
      this.#down.push({ kind: 'data', bytes: Buffer.from(bytes) });
    } else if (!this.#events.data(bytes, this.#wire)) {
      this.#isReadingPaused = true;
      this.#wire?.pause();
    }
  }

  #closed(error: NodeJS.ErrnoException | undefined): void {
    this.#isWireGone = true;
    if (this.#state !== 'closed' && error !== undefined) {
      this.#failure = { kind: this.#state === 'dialling' ? 'failed' : 'broken', error };
      if (this.#down === undefined) this.#tellFailure();
      else this.#down.push({ kind: 'broken' });
    }
    this.#events.gone();
  }

  #tellFailure(): void {
    if (this.#state === 'closed' || this.#failure === undefined) return;
    this.#close();
    const { kind, error } = this.#failure;
    this.#events[kind](error);
  }

  #transmit(bytes: Buffer, source: Wire | undefined): boolean {
    const wire = this.#wire;
    if (wire === undefined || this.#state === 'closed') return true;
    const mayGoOn = source === undefined ? wire.write(bytes) : wire.forward(bytes, source);
    if (!mayGoOn) this.#steer({ isWireFull: true });
    return mayGoOn;
  }

  /** To the relay, the end of the connection is that of what the callee has to say. */
  #closedByFault(): void {
    this.#endWire();
    this.#events.end();
  }

  #endWire(): void {
    this.#hasEnded = true;
    this.#wire?.end();
  }

  #steer({ isWireFull = this.#isWireFull, isPipelineFull = this.#isPipelineFull }): void {
    const wasFull = this.#isWireFull || this.#isPipelineFull;
    this.#isWireFull = isWireFull;
    this.#isPipelineFull = isPipelineFull;
    const isFull = isWireFull || isPipelineFull;
    if (isFull !== wasFull) this.#events.saturated(isFull);
  }
}
