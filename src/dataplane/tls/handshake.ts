/**
 * The TLS handshake of one new connection with its caller, and what the faults of the link make of it. It takes the place of the connection until it is
 * over; then the connection goes on with what was inside, or a record says who ended it. A handshake that a fault holds reads on, or nobody would
 * learn that its caller has given up.
 */
import type net from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';
import type { Clock, Timer } from '../../core/clock.js';
import { reasonOf } from '../../core/errors.js';
import type { Connection, FailedHandshake } from '../../journal/observations.js';
import { ConnectionFaults, type ConnectionIdentity } from '../connection-faults.js';
import { type ToldFaults, toldFaults } from '../encounters.js';
import type { ActiveFault } from '../faults/active-fault.js';
import type { OpenConnection } from '../open-connections.js';
import type { ConnectionState } from '../proxy.js';
import { acceptSocket } from '../wire/accept.js';
import { resetSocket } from '../wire/socket-wire.js';
import type { Accepted } from '../wire.js';
import { isFromPeer } from './handshake-error.js';
import { AS_IT_IS, type HandshakeRuling, handshakeRuling } from './handshake-ruling.js';
import type { Terminate } from './terminate.js';

/** Bytes that are kept of a caller whose handshake is held; beyond it, it is not read on. A ClientHello is far smaller. */
const HELD_BYTES_MAX = 64 * 1024;

export interface Secured {
  /** What is inside of TLS, to be used in the turn in which it is handed over. */
  accepted: Accepted;
  /** The faults as the connection has met them so far. */
  faults: ConnectionFaults;
  /** Whether it was shown a certificate that it should not have taken. */
  isFlawed: boolean;
}

export interface HandshakeOptions {
  clock: Clock;
  /** From when TLS begins; beyond it the connection is closed. */
  timeoutMs: number;
  terminate: Terminate;
  identity: Omit<ConnectionIdentity, 'source'>;
  /** It is agreed on. One of the two is called, once. */
  secured(secured: Secured): void;
  /** It came to nothing, and the socket is gone. */
  failed(told: Pick<Connection, 'end' | 'handshake'> & ToldFaults): void;
}

interface End {
  end: CutReason | 'handshakeFailed';
  handshake?: FailedHandshake;
}

type CutReason = 'killed' | 'proxyClosed' | 'faultReset';

/** `held`: by a fault. `shaking`: TLS has it. `secured`: the connection has it. */
type State = 'held' | 'preparing' | 'shaking' | 'secured' | 'over';

export class Handshake implements OpenConnection {
  readonly startMs: number;
  readonly #options: HandshakeOptions;
  readonly #socket: net.Socket;
  readonly #faults: ConnectionFaults;
  readonly #read: Buffer[] = [];
  #state: State = 'held';
  #isReading = false;
  #ruling: HandshakeRuling = AS_IT_IS;
  #timer: Timer | undefined;
  #end: End | undefined;

  constructor(options: HandshakeOptions, accepted: Accepted) {
    this.#options = options;
    this.startMs = options.identity.startMs;
    this.#socket = accepted.socket();
    this.#faults = new ConnectionFaults({ ...options.identity, source: () => this.#source });
    this.#socket.on('error', this.#failed);
    this.#socket.on('close', this.#closed);
  }

  /** Begins it, or has it ruled on anew as long as a fault holds it. */
  setFaults({ all: faults }: { all: readonly ActiveFault[] }): void {
    if (this.#state !== 'held') return;
    this.#ruling = handshakeRuling(this.#faults.handshake(faults));
    this.#timer?.cancel();
    const { isReset, holdMs } = this.#ruling;
    const waitMs = this.startMs + holdMs - this.#options.clock.nowMs();
    if (!isReset && waitMs <= 0) void this.#shake();
    else {
      this.#readOn();
      if (!isReset && waitMs < Number.POSITIVE_INFINITY) this.#timer = this.#options.clock.after(waitMs, () => void this.#shake());
      if (isReset && this.heldBytes > 0) this.cut('faultReset');
    }
  }

  cut(end: CutReason): void {
    this.#endWith({ end });
  }

  close(): void {
    this.cut('proxyClosed');
  }

  get heldBytes(): number {
    return this.#read.reduce((sum, bytes) => sum + bytes.length, 0);
  }

  state(): ConnectionState {
    return { source: this.#source, bytesUp: 0, bytesDown: 0, heldBytes: this.heldBytes, faults: this.#faults.applied };
  }

  get #source(): string | undefined {
    return this.#socket.remoteAddress?.replace(/^::ffff:(?=\d+\.)/, '');
  }

  #readOn(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    this.#socket.on('data', this.#received);
    this.#socket.on('end', this.#left);
    this.#socket.resume();
  }

  readonly #received = (bytes: Buffer): void => {
    this.#read.push(bytes);
    if (this.#ruling.isReset) this.cut('faultReset');
    else if (this.heldBytes > HELD_BYTES_MAX) this.#socket.pause();
  };

  readonly #left = (): void => {
    this.#fail({ with: 'client', endedBy: 'client', reason: 'it closed the connection' });
  };

  readonly #failed = (error: NodeJS.ErrnoException): void => {
    const reason = error.code ?? error.message;
    this.#fail({ with: 'client', endedBy: isFromPeer(error) ? 'client' : 'proxy', reason });
  };

  /** Takes what was read back to where TLS looks for it, and lets it begin. */
  async #shake(): Promise<void> {
    this.#state = 'preparing';
    this.#socket.off('data', this.#received).off('end', this.#left).pause();
    const read = Buffer.concat(this.#read.splice(0));
    if (read.length > 0) this.#socket.unshift(read);
    try {
      const context = await this.#options.terminate.context(undefined, this.#ruling.flaw);
      if (this.#state === 'preparing') this.#begin(context);
    } catch (error) {
      this.#fail({ with: 'client', endedBy: 'proxy', reason: reasonOf(error) });
    }
  }

  #begin(secureContext: SecureContext): void {
    this.#state = 'shaking';
    const { clock, timeoutMs, terminate } = this.#options;
    const secured = new TLSSocket(this.#socket, {
      isServer: true,
      secureContext,
      SNICallback: (name, done) => {
        terminate.context(name, this.#ruling.flaw).then(
          (context) => done(null, context),
          (error: Error) => done(error),
        );
      },
      ...(terminate.alpn.length > 0 && { ALPNProtocols: [...terminate.alpn] }),
    });
    // A TLS socket knows no RST of its own.
    Object.assign(secured, { resetAndDestroy: () => this.#socket.resetAndDestroy() });
    secured.on('error', this.#failed);
    secured.on('end', this.#left);
    secured.once('secure', () => this.#agreed(secured));
    this.#timer = clock.after(timeoutMs, () =>
      this.#fail({ with: 'client', endedBy: 'proxy', reason: `it took longer than ${timeoutMs} ms` }),
    );
  }

  #agreed(secured: TLSSocket): void {
    if (this.#state !== 'shaking') return;
    this.#state = 'secured';
    this.#timer?.cancel();
    this.#socket.off('error', this.#failed).off('close', this.#closed);
    secured.off('error', this.#failed).off('end', this.#left);
    // An error of the socket below is told by the one above.
    this.#socket.on('error', () => {});
    // What a server of Node's would do now; an HTTP/2 session waits for it.
    Object.assign(secured, { secureConnecting: false });
    const { alpnProtocol } = secured;
    const accepted = { ...acceptSocket(secured), ...(alpnProtocol ? { alpn: alpnProtocol } : {}) };
    this.#options.secured({ accepted, faults: this.#faults, isFlawed: this.#ruling.flaw !== undefined });
  }

  #fail(handshake: FailedHandshake): void {
    this.#endWith({ end: 'handshakeFailed', handshake });
  }

  #endWith(end: End): void {
    if (this.#state === 'secured' || this.#state === 'over') return;
    this.#state = 'over';
    this.#timer?.cancel();
    this.#end ??= end;
    if (end.end === 'handshakeFailed') this.#socket.destroy();
    else resetSocket(this.#socket);
  }

  readonly #closed = (): void => {
    this.#left();
    const told = toldFaults(this.#faults.met);
    this.#faults.end();
    this.#options.failed({ ...(this.#end ?? { end: 'handshakeFailed' }), ...told });
  };
}
