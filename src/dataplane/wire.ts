/** Placeholder of the contract; the implementation replaces this file. */
export interface WireHandlers {
  /** `bytes` are borrowed: they are valid until the call returns. Hand them to `forward`, or copy what must be kept. */
  data(bytes: Buffer): void;
  /** The peer half-closed. */
  end(): void;
  /** Everything written has left; called after a `write` or `forward` that returned false. */
  drain(): void;
  /** The socket is gone; `error` says why if it was not orderly (`ECONNRESET` …). Called exactly once. */
  close(error?: NodeJS.ErrnoException): void;
}
export interface Wire {
  handlers: WireHandlers;
  /** Sends borrowed bytes: copies them only if the source's buffer will be read into again before they have left. False asks the caller to pause the source until `drain`. */
  forward(bytes: Buffer, source: Wire): boolean;
  /** Sends bytes that nobody will touch again. */
  write(bytes: Buffer): boolean;
  pause(): void;
  resume(): void;
  /** Half-closes after what was written. */
  end(): void;
  /** Sends a RST. */
  reset(): void;
  /** Closes without a RST if possible. */
  destroy(): void;
}
