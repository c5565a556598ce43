/**
 * A wire on Node's own handle: a third of the processor time of a new connection and two thirds of that of a request, compared with `net.Socket`.
 * What a reader gets wrong: a write that is not finished refers to the very memory that it was given, so borrowed bytes are sent on only from
 * a buffer that their source parts with until then.
 */
import { strict as assert } from 'node:assert';
import type { Wire, WireHandlers } from '../wire.js';
import type { DialOutcome, LimitedDial } from './dial-handle.js';
import { type NativeHandle, type NativeOwner, type NativeStreams, nativeStreams, systemError } from './native-handle.js';
import { Outbox, type PutOff } from './outbox.js';
import { ReadBuffer } from './read-buffer.js';
import { ReceiveBuffers } from './receive-buffers.js';

/** Bytes that wait for one socket's peer; beyond it the source is asked to pause. */
const QUEUED_BYTES_MAX = 64 * 1024;

/** A larger write goes to the kernel at once: what there is to save by waiting is next to nothing beside what it takes. */
const PUT_OFF_BYTES_MAX = 4 * 1024;

const buffers = new ReceiveBuffers();
const outbox = new Outbox();

/** Bytes that were written; `lent` is the buffer in which they stand, if it goes back to the pool afterwards. */
interface Written {
  bytes: Buffer;
  lent: Buffer | undefined;
}

export class NativeWire implements Wire, NativeOwner, DialOutcome, PutOff {
  /** May be replaced at any time. */
  handlers: WireHandlers;
  readonly #native: NativeStreams;
  #state: 'dialling' | 'open' | 'gone' = 'dialling';
  /** Undefined until the dial was answered. */
  #handle: NativeHandle | undefined;
  #dial: LimitedDial | undefined;
  /** What was written and waits to leave: for the answer to the dial, or for the end of this turn. */
  #waiting: Written[] | undefined;
  #isPaused = false;
  readonly #reading = new ReadBuffer(buffers);
  #queuedBytes = 0;
  #wantsDrain = false;
  /** The peer's half. */
  #hasPeerEnded = false;
  #seemsEnded = false;
  /** Our half. `asked`: as soon as everything is written. */
  #half: 'open' | 'asked' | 'closing' | 'closed' = 'open';
  /** What follows once our half is closed. */
  #afterEnd: 'close' | 'reset' | undefined;
  #error: NodeJS.ErrnoException | undefined;

  /** Without a handle it waits for a dial. With one it reads from the next turn of the event loop on. */
  constructor(handlers: WireHandlers, handle?: NativeHandle, native = nativeStreams()) {
    this.handlers = handlers;
    this.#native = native;
    if (handle === undefined) return;
    this.#take(handle);
    this.#read();
  }

  // --------------------------------------------------------------------------------------------------------------- dialling

  /** Both are cancelled when the wire is closed; the limit also when the dial was answered. */
  dialledBy(dial: LimitedDial): void {
    this.#dial = dial;
  }

  answered(handle: NativeHandle): void {
    this.#dial?.limit?.cancel();
    this.#dial = undefined;
    this.#take(handle);
    this.handlers.open?.();
    this.#sendWaiting();
    this.#settle();
    if (!this.#isPaused) this.#read();
  }

  /** It is of no use: the dial was not answered, or a call has failed. */
  failed(error: NodeJS.ErrnoException): void {
    this.#error ??= error;
    this.destroy();
  }

  #take(handle: NativeHandle): void {
    this.#state = 'open';
    this.#handle = handle;
    handle.owner = this;
    handle.onread = this.#native.onread;
    handle.useUserBuffer(this.#reading.current);
  }

  // ---------------------------------------------------------------------------------------------------------------- writing

  forward(bytes: Buffer, source: Wire): boolean {
    const lent = source instanceof NativeWire ? source.#reading.holding(bytes) : undefined;
    if (lent === undefined) return this.write(source.keep(bytes));
    if (this.#send(bytes, lent)) return true;
    (source as NativeWire).#reading.lend();
    this.#wantsDrain = true;
    return false;
  }

  keep(bytes: Buffer): Buffer {
    return this.#reading.keep(bytes);
  }

  write(bytes: Buffer): boolean {
    assert(!buffers.holds(bytes), 'borrowed bytes must be forwarded or copied, not written');
    if (this.#send(bytes, undefined)) buffers.reclaim(bytes);
    if (this.#queuedBytes <= QUEUED_BYTES_MAX) return true;
    this.#wantsDrain = true;
    return false;
  }

  /** Whether nothing of it waits, and nobody refers to it any more. What comes after our own end is dropped. */
  #send(bytes: Buffer, lent: Buffer | undefined): boolean {
    if (this.#state === 'gone' || this.#half !== 'open') return true;
    if (this.#handle !== undefined && (lent !== undefined || bytes.length > PUT_OFF_BYTES_MAX)) {
      this.#sendWaiting();
      return this.#transmit(this.#handle, bytes, lent);
    }
    if (this.#waiting === undefined) {
      this.#waiting = [];
      if (this.#handle !== undefined) outbox.add(this);
    }
    this.#waiting.push({ bytes, lent });
    this.#queuedBytes += bytes.length;
    return false;
  }

  turnEnded(): void {
    this.#sendWaiting();
    if (this.#state === 'open') this.#settle();
  }

  #sendWaiting(): void {
    const waiting = this.#waiting;
    const handle = this.#handle;
    if (waiting === undefined || handle === undefined) return;
    this.#waiting = undefined;
    for (const { bytes, lent } of waiting) {
      this.#queuedBytes -= bytes.length;
      if (this.#transmit(handle, bytes, lent)) this.#left({ bytes, lent });
    }
  }

  #transmit(handle: NativeHandle, bytes: Buffer, lent: Buffer | undefined): boolean {
    if (this.#state === 'gone') return true;
    const outcome = this.#native.write(handle, bytes);
    if (typeof outcome !== 'number') {
      outcome.oncomplete = (status) => this.#written(status, { bytes, lent });
      this.#queuedBytes += bytes.length;
      return false;
    }
    if (outcome !== 0) this.#fail(outcome, 'write');
    return true;
  }

  #written(status: number, what: Written): void {
    this.#queuedBytes -= what.bytes.length;
    this.#left(what);
    if (this.#state === 'gone') return;
    if (status === 0) this.#settle();
    else this.#fail(status, 'write');
  }

  /** Goes on with whatever waited for everything to be written. */
  #settle(): void {
    if (this.#queuedBytes > 0) return;
    if (this.#half === 'asked') this.#closeHalf();
    if (!this.#wantsDrain) return;
    this.#wantsDrain = false;
    this.handlers.drain();
  }

  /** No write refers to these bytes any more. */
  #left({ bytes, lent }: Written): void {
    if (lent === undefined) buffers.reclaim(bytes);
    else buffers.give(lent);
  }

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  // ---------------------------------------------------------------------------------------------------------------- reading

  pause(): void {
    if (this.#isPaused) return;
    this.#isPaused = true;
    if (this.#state === 'open') this.#handle?.readStop();
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    if (this.#state === 'open' && !this.#hasPeerEnded) this.#read();
  }

  #read(): void {
    if (this.#state !== 'open') return;
    const status = this.#handle?.readStart() ?? 0;
    if (status !== 0) this.#fail(status, 'read');
  }

  received(byteCount: number): Buffer | undefined {
    if (byteCount > 0) {
      this.handlers.data(this.#reading.current.subarray(0, byteCount));
      return this.#reading.next(byteCount);
    }
    if (byteCount === this.#native.endOfFile) this.#ended();
    else if (byteCount < 0) this.#fail(byteCount, 'read');
    return undefined;
  }

  #ended(): void {
    // libuv takes a RST that comes together with bytes for an end. Asked again, it tells the two apart.
    if (!this.#seemsEnded && this.#half === 'open') {
      this.#seemsEnded = true;
      this.#read();
      return;
    }
    this.#hasPeerEnded = true;
    this.handlers.end();
    if (this.#half === 'closed') this.#close('close');
  }

  get remoteAddress(): string | undefined {
    if (this.#state !== 'open') return undefined;
    const peer: { address?: string } = {};
    this.#handle?.getpeername?.(peer);
    return peer.address?.replace(/^::ffff:(?=\d+\.)/, '');
  }

  // ----------------------------------------------------------------------------------------------------------------- ending

  end(): void {
    if (this.#state === 'gone' || this.#half !== 'open') return;
    this.#half = 'asked';
    if (this.#state === 'open' && this.#queuedBytes === 0) this.#closeHalf();
  }

  close(): void {
    this.#afterEnd ??= 'close';
    this.end();
    if (this.#half === 'closed') this.#close('close');
  }

  reset(): void {
    if (this.#half === 'closing') this.#afterEnd = 'reset';
    else this.#close(this.#state === 'open' ? 'reset' : 'close');
  }

  destroy(): void {
    this.#close('close');
  }

  #closeHalf(): void {
    // The peer has ended too: to close says the same, in one call fewer.
    if (this.#hasPeerEnded) {
      this.#close('close');
      return;
    }
    if (this.#handle === undefined) return;
    this.#half = 'closing';
    // What it can fail with is that nobody is there any more, which the next read tells.
    this.#native.shutdown(this.#handle, () => this.#halfClosed());
  }

  #halfClosed(): void {
    if (this.#state === 'gone') return;
    this.#half = 'closed';
    if (this.#afterEnd !== undefined || this.#hasPeerEnded) this.#close(this.#afterEnd ?? 'close');
  }

  #fail(status: number, syscall: string): void {
    this.failed(systemError(status, syscall));
  }

  #close(how: 'close' | 'reset'): void {
    this.#sendWaiting();
    if (this.#state === 'gone') return;
    this.#state = 'gone';
    this.#dial?.limit?.cancel();
    this.#dial?.dialling.cancel();
    for (const written of this.#waiting ?? []) this.#left(written);
    this.#waiting = undefined;
    const handle = this.#handle;
    const gone = (): void => {
      this.#reading.giveBack();
      this.handlers.close(this.#error);
    };
    if (handle === undefined) queueMicrotask(gone);
    else if (how === 'close' || handle.reset === undefined) handle.close(gone);
    // Refused, it is lost to Node: there is nothing left to close.
    else if (handle.reset(gone) !== 0) queueMicrotask(gone);
  }
}
