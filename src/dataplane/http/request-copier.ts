/** Keeps what goes to the callee of one request, so that it can be sent again. */
import type { ActiveFault } from '../faults/active-fault.js';
import { GrowingBytes } from './growing-bytes.js';
import type { NamedRequest, OpenExchange } from './open-exchange.js';
import { type Copies, miss } from './rule-on.js';

/** A request with its body; a larger one is not sent again. */
const COPIED_BYTES_MAX = 1024 * 1024;

/** A request that is to be sent `copies` times, so long from now. */
export interface CopyOrder {
  fault: ActiveFault;
  bytes: Buffer;
  copies: number;
  delayMs: number;
}

/** What has to be known of a request to copy it, whatever protocol brought it. */
interface CopiedRequest extends NamedRequest {
  readonly asksForTunnel: boolean;
}

export class RequestCopier {
  readonly #exchange: OpenExchange<CopiedRequest>;
  #copies: readonly Copies[];
  readonly #bytes = new GrowingBytes();

  constructor(copies: readonly Copies[], exchange: OpenExchange<CopiedRequest>) {
    this.#exchange = exchange;
    this.#copies = copies;
    // What follows such a request belongs to it, and nobody knows where it ends.
    if (exchange.request?.asksForTunnel) this.#giveUp();
  }

  /** The next bytes that go to the callee; they are copied. */
  add(bytes: Buffer): void {
    if (this.#copies.length === 0) return;
    this.#bytes.add(bytes);
    if (this.#bytes.length > COPIED_BYTES_MAX) this.#giveUp();
  }

  /** The request is whole. */
  take(): CopyOrder[] {
    const bytes = this.#bytes.take();
    return this.#copies.map(({ fault, copies, delayMs }) => ({ fault, bytes, copies, delayMs }));
  }

  #giveUp(): void {
    for (const { fault } of this.#copies) miss(fault, this.#exchange);
    this.#copies = [];
    this.#bytes.take();
  }
}
