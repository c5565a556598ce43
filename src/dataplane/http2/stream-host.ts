/** What the relay of a connection does for each of its streams. */
import type { ClientHttp2Stream } from 'node:http2';
import type { Clock } from '../../core/clock.js';
import type { ExchangeEnd } from '../../journal/observations.js';
import type { ResponseHead } from '../faults/fault.js';
import type { RelayIdentity } from '../http/exchange-ledger.js';
import type { OpenExchange } from '../http/open-exchange.js';
import type { CopyOrder } from '../http/request-copier.js';
import type { Outcome, Ruling } from '../http/rule-on.js';
import type { Observer } from '../observe/observer.js';
import type { HeaderBlock } from './header-block.js';
import type { SendOptions } from './message-phase.js';
import type { CopiedMessage } from './stream-copies.js';
import type { StreamRequest } from './stream-head.js';
import type { StreamRelay } from './stream-relay.js';

/** An answer in the callee's place. */
export type Reply = Pick<Extract<Outcome, { kind: 'reply' }>, 'status' | 'headers' | 'body'>;

export interface StreamHost {
  readonly clock: Clock;
  readonly heldBytesMax: number;
  readonly identity: RelayIdentity;
  /** What is noted of requests, and added to them; undefined: nothing is. */
  readonly observer: Observer | undefined;
  /** The faults' word on the request, or on a response to it. */
  rule(exchange: OpenExchange<StreamRequest>, response?: ResponseHead): Ruling | undefined;
  /** Whether they have to know the request's body first. */
  needsBody(exchange: OpenExchange<StreamRequest>): boolean;
  /** Sends a request again, on streams of its own. */
  sendCopies(order: CopyOrder, message: CopiedMessage): void;
  /** Opens a stream to the callee. Throws if that head cannot be sent. */
  request(block: HeaderBlock, options: SendOptions): ClientHttp2Stream;
  /** Tells the caller to open no further stream. */
  sayGoaway(goaway: NonNullable<Ruling['goaway']>, streamId: number): void;
  /** Gives the caller these bytes in place of frames, and ends its connection. */
  sendRaw(outcome: Extract<Outcome, { kind: 'raw' }>): void;
  /** Bytes of a body have come. */
  moved(): void;
  /** Tells of the exchange, if that has not been done. */
  record(exchange: OpenExchange<StreamRequest>, end: ExchangeEnd): void;
  /** Both streams are gone. */
  gone(stream: StreamRelay): void;
}
