/**
 * One client connection and the one upstream connection that belongs to it. Half-closes and RSTs travel through the faults like bytes do, so
 * one side may be gone for long before the other learns of it. Ends when both sockets are gone.
 */
import type { Connection, FailedHandshake } from '../journal/observations.js';
import { ConnectionFaults } from './connection-faults.js';
import { type ToldFaults, toldFaults } from './encounters.js';
import type { ActiveFault } from './faults/active-fault.js';
import type { FlowDirection } from './faults/fault.js';
import type { UpstreamDial } from './link-ends.js';
import type { OpenConnection } from './open-connections.js';
import type { ConnectionState } from './proxy.js';
import type { Newcomer, NewcomerIdentity } from './proxy-shell.js';
import { TcpFlow, type TcpFlowPorts } from './tcp-flow.js';
import { failedHandshakeOf } from './tls/handshake-error.js';
import type { Wire } from './wire.js';

export interface TcpConnectionPorts extends TcpFlowPorts {
  /** Dials the callee. */
  dial(dial: UpstreamDial): Wire;
  connectTimeoutMs: number;
  /** Both sockets are gone. Called once. */
  ended(connection: TcpConnection): void;
}

type CutReason = Exclude<Connection['end'], 'closed'>;

export class TcpConnection implements OpenConnection {
  readonly identity: NewcomerIdentity;
  readonly #ports: TcpConnectionPorts;
  readonly #up: TcpFlow;
  readonly #down: TcpFlow;
  readonly #client: Wire;
  /** What the caller has agreed on by ALPN. */
  readonly #protocol: string | undefined;
  #isClientGone = false;
  #upstream: { wire: Wire; state: 'dialling' | 'open' | 'gone' } | undefined;
  #faults: ConnectionFaults | undefined;
  /** Why it was cut; undefined as long as it was not. */
  #cutBy: CutReason | undefined;
  /** Which side was gone first without an orderly end; the other need not know it yet. */
  #brokenBy: 'clientReset' | 'upstreamReset' | 'connectFailed' | 'handshakeFailed' | undefined;
  /** That with the callee. */
  #handshake: FailedHandshake | undefined;

  constructor(ports: TcpConnectionPorts, { accepted, identity, met }: Newcomer) {
    this.identity = identity;
    this.#ports = ports;
    this.#faults = met;
    this.#protocol = accepted.alpn;
    const events = {
      open: () => this.#dial(),
      close: () => this.#finish(),
      reset: () => this.cut('faultReset'),
      broken: (direction: FlowDirection) => this.#broken(direction),
    };
    this.#up = new TcpFlow('up', ports, events);
    this.#down = new TcpFlow('down', ports, events);
    this.#client = accepted.wire({
      data: (bytes) => this.#up.data(bytes),
      end: () => this.#up.end(),
      drain: () => this.#down.drained(),
      close: (error) => this.#clientGone(error),
    });
    this.#up.source = this.#client;
    this.#down.target = this.#client;
  }

  /** Starts it under these faults. Called once. */
  open(faults: readonly ActiveFault[]): void {
    this.#setStages(faults, { isNew: true });
    if (this.#cutBy === undefined) this.#up.open();
  }

  /** Replaces the faults on it. */
  setFaults(faults: readonly ActiveFault[]): void {
    this.#setStages(faults, { isNew: false });
  }

  /** Resets both sides; the first reason given is the one that is told. */
  cut(reason: CutReason): void {
    this.#abandon(reason, 'reset');
  }

  /** The proxy goes: no connection outlives it. */
  close(): void {
    this.#abandon('proxyClosed', this.#ports.halfClose ? 'reset' : 'destroy');
  }

  get startMs(): number {
    return this.identity.startMs;
  }

  state(): ConnectionState {
    const { remoteAddress: source } = this.#client;
    const { byteCount: bytesUp } = this.#up;
    const { byteCount: bytesDown } = this.#down;
    return { source, bytesUp, bytesDown, heldBytes: this.heldBytes, faults: this.#faults?.applied ?? [] };
  }

  get heldBytes(): number {
    return this.#up.heldBytes + this.#down.heldBytes;
  }

  /** What is told of it when it has ended. */
  summary(): Pick<Connection, 'end' | 'bytesUp' | 'bytesDown' | 'handshake'> & ToldFaults {
    return {
      end: this.#cutBy ?? this.#brokenBy ?? 'closed',
      bytesUp: this.#up.byteCount,
      bytesDown: this.#down.byteCount,
      ...(this.#handshake && { handshake: this.#handshake }),
      ...toldFaults(this.#faults?.met ?? []),
    };
  }

  /** A fault ends it: both sides are told in order, after what was written to them. */
  #finish(): void {
    this.#cutBy ??= 'faultClosed';
    this.#up.close();
    this.#down.close();
    this.#client.close();
    this.#upstream?.wire.close();
  }

  #abandon(reason: CutReason, how: 'reset' | 'destroy'): void {
    this.#cutBy ??= reason;
    this.#up.close();
    this.#down.close();
    this.#client[how]();
    this.#upstream?.wire[how]();
  }

  #setStages(faults: readonly ActiveFault[], { isNew }: { isNew: boolean }): void {
    if (faults.length === 0 && this.#faults === undefined) return;
    this.#faults ??= new ConnectionFaults({ ...this.identity, source: () => this.#client.remoteAddress });
    const stages = this.#faults.stages(faults, { isNew });
    for (const direction of ['up', 'down'] as const) {
      // A fault on the way up may have cut the connection.
      if (this.#cutBy !== undefined) return;
      const flow = direction === 'up' ? this.#up : this.#down;
      flow.setStages(stages[direction]);
    }
  }

  #dial(): void {
    const wire = this.#ports.dial({
      protocol: this.#protocol,
      timeoutMs: this.#ports.connectTimeoutMs,
      clock: this.#ports.clock,
      handlers: {
        open: () => {
          upstream.state = 'open';
        },
        data: (bytes) => this.#down.data(bytes),
        end: () => this.#down.end(),
        drain: () => this.#up.drained(),
        close: (error) => this.#upstreamGone(upstream, error),
      },
    });
    const upstream: { wire: Wire; state: 'dialling' | 'open' | 'gone' } = { wire, state: 'dialling' };
    this.#upstream = upstream;
    this.#up.target = wire;
    this.#down.source = wire;
  }

  #clientGone(error: Error | undefined): void {
    this.#isClientGone = true;
    if (!this.#ports.halfClose) this.#up.end();
    else if (error !== undefined) {
      this.#brokenBy ??= 'clientReset';
      // As long as the callee was not dialled, there is nobody whom a fault could keep it from.
      if (this.#upstream === undefined) this.cut('clientReset');
      else this.#up.broken();
    }
    this.#endIfBothGone();
  }

  #upstreamGone(upstream: { state: 'dialling' | 'open' | 'gone' }, error: Error | undefined): void {
    const wasOpen = upstream.state === 'open';
    upstream.state = 'gone';
    this.#handshake = failedHandshakeOf(error);
    const isFailedDial = (!wasOpen && error !== undefined) || this.#handshake !== undefined;
    const failure = this.#handshake === undefined ? 'connectFailed' : 'handshakeFailed';
    if (!this.#ports.halfClose) {
      // The caller is told only that it is over, unless it has sent something that nobody will read.
      if (isFailedDial) this.#abandon(failure, this.#up.byteCount > 0 ? 'reset' : 'destroy');
      else this.#down.end();
    } else if (error !== undefined) {
      this.#brokenBy ??= isFailedDial ? failure : 'upstreamReset';
      this.#down.broken();
    }
    this.#endIfBothGone();
  }

  /** The RST of one side has come through to the other. */
  #broken(direction: FlowDirection): void {
    this.cut(this.#brokenBy ?? (direction === 'up' ? 'clientReset' : 'upstreamReset'));
  }

  #endIfBothGone(): void {
    if (!this.#isClientGone || (this.#upstream !== undefined && this.#upstream.state !== 'gone')) return;
    this.#up.close();
    this.#down.close();
    this.#faults?.end();
    this.#ports.ended(this);
  }
}
