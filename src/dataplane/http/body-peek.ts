/**
 * Looks into a request's body before anything of the request goes on. It reads along in bytes that are kept elsewhere and waits for nothing by itself:
 * whoever holds the head back opens it again when the peek is over, which it always is within its bounds.
 */
import { Gate } from '../faults/gate.js';
import { mayBeJson, READ_BYTES_MAX, type RequestBody, readRequestBody } from '../faults/request-body.js';
import { GrowingBytes } from './growing-bytes.js';
import { MessageReader } from './message-reader.js';
import type { ParsedRequest } from './request-head.js';

/** The longest that a head waits for the body behind it. */
export const PEEK_MS_MAX = 10_000;
/** With its framing: senders of tiny chunks with long extensions are not waited for. */
const RAW_BYTES_MAX = 4 * READ_BYTES_MAX;

export class BodyPeek {
  /** Open when there is nothing more to wait for. */
  readonly gate = new Gate();
  readonly #reader: MessageReader;
  readonly #body = new GrowingBytes();
  /** What is not parsed yet: part of a chunk's frame. */
  #rest: Buffer = Buffer.alloc(0);
  #rawBytes = 0;
  #found: RequestBody = { kind: 'unread' };

  /** `bytes` are what has come behind the head. */
  constructor(request: ParsedRequest, { headBytesMax, bytes }: { headBytesMax: number; bytes: Buffer }) {
    this.#reader = new MessageReader({ kind: 'request', headBytesMax });
    if (request.framing === 'none') this.#finish({ kind: 'none' });
    else if (!isWorthIt(request)) this.#finish({ kind: 'unread' });
    else {
      this.#reader.startBody(request.framing, (shown) => this.#body.add(shown));
      this.add(bytes);
    }
  }

  /** Once it is over. */
  get found(): RequestBody {
    return this.#found;
  }

  /** The next bytes of the connection. */
  add(bytes: Buffer): void {
    if (this.gate.isOpen) return;
    this.#rawBytes += bytes.length;
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    let at = 0;
    do at = this.#reader.advance(all, at);
    while (this.#reader.event === 'flow' && at < all.length);
    this.#rest = Buffer.from(all.subarray(at));
    if (this.#body.length > READ_BYTES_MAX || this.#rawBytes > RAW_BYTES_MAX || this.#reader.event === 'malformed') this.giveUp();
    else if (this.#reader.event === 'end') this.#finish(readRequestBody(this.#body.take()));
  }

  /** No more will come, or nobody cares any more. */
  giveUp(): void {
    this.#finish({ kind: 'unread' });
  }

  #finish(found: RequestBody): void {
    if (this.gate.isOpen) return;
    this.#found = found;
    this.#body.take();
    this.#rest = Buffer.alloc(0);
    this.gate.open();
  }
}

/** A caller that waits to be asked for its body would wait for ever, for the callee is the one to ask. */
function isWorthIt(request: ParsedRequest): boolean {
  const { framing, expectsContinue, isCoded } = request;
  return !expectsContinue && !isCoded && (typeof framing !== 'number' || framing <= READ_BYTES_MAX) && mayBeJson(request);
}
