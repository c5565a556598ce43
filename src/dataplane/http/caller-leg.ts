/**
 * The caller's half of an HTTP connection: its socket, and the manners of ending it. An end of ours lets the caller have its last bytes first,
 * within bounds; a reset does not.
 */
import type { Clock } from '../../core/clock.js';
import { Alarm } from '../alarm.js';
import type { Accepted, Wire } from '../wire.js';

/** How long a caller may take to close its half after our end. */
const LINGER_MS = 2_000;
/**
 * How long a RST of ours, or a reset of one stream, stays behind the last bytes. libuv takes a RST that comes together with bytes for an orderly end, and
 * curl tells nothing of a stream but its reset if one read brings both.
 */
export const RESET_AFTER_MS = 20;
/** How long a caller may leave the last bytes that it was sent untouched. */
const LAST_BYTES_MS = 60_000;

export interface CallerEvents {
  /** `bytes` are lent by `source`. */
  data(bytes: Buffer, source: Wire): void;
  end(): void;
  /** It takes bytes again, after a `send` that returned false. */
  drained(): void;
  /** The socket is gone; `error` says why if it was not in order. Called once. */
  gone(error: NodeJS.ErrnoException | undefined): void;
}

export class CallerLeg {
  readonly #clock: Clock;
  readonly #wire: Wire;
  readonly #linger: Alarm;
  #state: 'open' | 'closing' | 'ended' = 'open';
  #isPaused = false;
  #isFull = false;
  #isGone = false;
  #endsWithReset = false;
  #queuedBytesSeen = Number.POSITIVE_INFINITY;

  constructor({ clock, accepted }: { clock: Clock; accepted: Accepted }, events: CallerEvents) {
    this.#clock = clock;
    this.#linger = new Alarm(clock, () => this.#lingered());
    this.#wire = accepted.wire({
      data: (bytes) => events.data(bytes, this.#wire),
      end: () => events.end(),
      drain: () => {
        this.#isFull = false;
        if (this.#state === 'closing') this.#end();
        events.drained();
      },
      close: (error) => {
        this.#isGone = true;
        this.#linger.cancel();
        events.gone(error);
      },
    });
  }

  /** Undefined on a Unix-domain socket, and when it is gone. */
  get remoteAddress(): string | undefined {
    return this.#wire.remoteAddress;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  /** Whether it leaves untaken what it was sent. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** Sends bytes that `source` lent, or our own if it is undefined. False asks to wait until `drained`. */
  send(bytes: Buffer, source: Wire | undefined): boolean {
    const mayGoOn = source === undefined ? this.#wire.write(bytes) : this.#wire.forward(bytes, source);
    if (!mayGoOn) this.#isFull = true;
    return mayGoOn;
  }

  /** Reads it on, or not. */
  read(isWanted: boolean): void {
    if (isWanted !== this.#isPaused) return;
    this.#isPaused = !isWanted;
    if (isWanted) this.#wire.resume();
    else this.#wire.pause();
  }

  /** Half-closes after what was sent, and leaves it to the caller to close the rest. */
  end(): void {
    this.#wire.end();
  }

  /** Ends the connection from our side once the caller has its last bytes. */
  close(): void {
    this.#state = 'closing';
    // What it still sends is read and dropped: left unread, it would turn our end into a RST that overtakes the last bytes.
    this.read(true);
    if (this.#isFull) this.#linger.set(this.#clock.nowMs() + LAST_BYTES_MS);
    else this.#end();
  }

  /** Cuts the connection with a RST once the caller has its last bytes. */
  abort(): void {
    this.#endsWithReset = true;
    this.close();
  }

  reset(): void {
    this.#linger.cancel();
    this.#wire.reset();
  }

  destroy(): void {
    this.#linger.cancel();
    this.#wire.destroy();
  }

  #end(): void {
    this.#state = 'ended';
    if (!this.#endsWithReset) this.#wire.end();
    this.#linger.set(this.#clock.nowMs() + (this.#endsWithReset ? RESET_AFTER_MS : LINGER_MS));
  }

  #lingered(): void {
    if (this.#endsWithReset && this.#state === 'ended') {
      this.#wire.reset();
      return;
    }
    const { queuedBytes } = this.#wire;
    if (queuedBytes === 0 || queuedBytes >= this.#queuedBytesSeen) {
      this.#wire.destroy();
      return;
    }
    this.#queuedBytesSeen = queuedBytes;
    this.#linger.set(this.#clock.nowMs() + LAST_BYTES_MS);
  }
}
