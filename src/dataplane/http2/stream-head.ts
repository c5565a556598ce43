/** Heads of requests and responses as faults look at them, made of the fields of an HTTP/2 stream. */
import type { RequestHead, ResponseHead } from '../faults/fault.js';
import { isGrpc } from '../grpc.js';
import { requestIdOf, traceIdOf } from '../http/fields.js';
import type { FieldLine, HeaderBlock } from './header-block.js';

export class StreamRequest implements RequestHead {
  readonly version = '2';
  readonly method: string;
  readonly target: string;
  /** The caller's own name for the request, if it gave one. */
  readonly token: string | undefined;
  /** That of its trace, if it has another token. */
  readonly traceId: string | undefined;
  readonly isGrpc: boolean;
  /** What follows is no body: nobody knows where it ends. */
  readonly asksForTunnel: boolean;
  readonly #block: HeaderBlock;

  constructor(block: HeaderBlock) {
    this.#block = block;
    this.method = block.first(':method') ?? '';
    // CONNECT names no path but the authority that it wants to reach.
    this.target = block.first(':path') ?? block.first(':authority') ?? '';
    const [requestId, traceId] = [requestIdOf(block.first('x-request-id') ?? ''), traceIdOf(block.first('traceparent') ?? '')];
    this.token = requestId ?? traceId;
    this.traceId = requestId === undefined ? undefined : traceId;
    this.asksForTunnel = this.method === 'CONNECT';
    this.isGrpc = isGrpc(block.first('content-type'));
  }

  header(name: string): string | undefined {
    if (name.startsWith(':')) return undefined;
    return this.#block.first(name) ?? (name === 'host' ? this.#block.first(':authority') : undefined);
  }
}

export class StreamResponse implements ResponseHead {
  readonly version = '2';
  readonly status: number;
  readonly #block: HeaderBlock;

  constructor(block: HeaderBlock) {
    this.#block = block;
    this.status = Number(block.first(':status'));
  }

  header(name: string): string | undefined {
    return name.startsWith(':') ? undefined : this.#block.first(name);
  }

  fields(): readonly FieldLine[] {
    return this.#block.fields;
  }
}
