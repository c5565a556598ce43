/**
 * One connection to a peer, as the data plane sees it. What it is made of is the business of `wire/`: Node's own handles, below the stream layer,
 * or a stream. What a reader gets wrong: bytes given to `data` are borrowed, and who keeps them for later sends another connection's bytes.
 */
import type net from 'node:net';

export interface WireHandlers {
  /** The dial was answered. Never called on an accepted wire. */
  open?(): void;
  /** `bytes` are borrowed: they are valid until the call returns. Hand them to `forward`, or `keep` what is needed later. */
  data(bytes: Buffer): void;
  /** The peer half-closed. */
  end(): void;
  /** Everything written has left; called after a `write` or `forward` that returned false. */
  drain(): void;
  /** It is gone; `error` says why if that was not orderly (`ECONNRESET` …). Called exactly once, never from within a call. */
  close(error?: NodeJS.ErrnoException): void;
}

export interface Wire {
  /** May be replaced at any time. */
  handlers: WireHandlers;
  /**
   * Sends borrowed bytes, without a copy if they stand in a buffer that the source can part with: then the write keeps the buffer and the
   * source reads on in another. False asks the caller to pause the source until `drain`.
   */
  forward(bytes: Buffer, source: Wire): boolean;
  /** Makes borrowed bytes of this wire the caller's own: without a copy if they fill most of a buffer that it can part with. */
  keep(bytes: Buffer): Buffer;
  /** Sends bytes that nobody will touch or send again. False asks the caller to stop until `drain`. */
  write(bytes: Buffer): boolean;
  /** Without the port, an IPv4 address as such; undefined on a Unix-domain socket, and when it is gone. Asks the kernel. */
  readonly remoteAddress: string | undefined;
  /** Bytes that were written and have not left yet. */
  readonly queuedBytes: number;
  pause(): void;
  resume(): void;
  /** Half-closes after what was written. */
  end(): void;
  /** Closes both ways after what was written. */
  close(): void;
  /** Sends a RST and drops what was not sent yet. A Unix-domain socket knows no RST: it is closed. A dial is given up. */
  reset(): void;
  /** Closes without a RST if possible. A dial is given up. */
  destroy(): void;
}

/** A connection that has come in and that nobody has touched: exactly one of these is called, in the turn in which it was handed over. */
export interface Accepted {
  /** The protocol that was agreed on by ALPN, if it came by TLS and spoke that. */
  readonly alpn?: string;
  /** Makes a wire of it, which reads from the next turn of the event loop on. */
  wire(handlers: WireHandlers): Wire;
  /** As Node knows it, paused: for what needs streams, like TLS. */
  socket(): net.Socket;
  /** Resets it. */
  refuse(): void;
}
