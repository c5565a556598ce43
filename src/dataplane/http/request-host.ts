/** What the caller's side of a relay asks of the whole: a seam, so that each can be read by itself. */
import type { Observer } from '../observe/observer.js';
import type { Wire } from '../wire.js';
import type { RelayIdentity } from './exchange-ledger.js';
import type { OpenExchange } from './open-exchange.js';
import type { CopyOrder } from './request-copier.js';
import type { Ruling } from './rule-on.js';

export interface RequestHost {
  readonly identity: RelayIdentity;
  /** What is noted of requests, and added to them; undefined: nothing is. */
  readonly observer: Observer | undefined;
  /** Whether the faults have to know the body of this request before they say anything. */
  needBody(exchange: OpenExchange): boolean;
  /** The faults' word on a request; undefined if no fault looks at requests now. */
  ruleOnRequest(exchange: OpenExchange): Ruling | undefined;
  /** Takes the exchange's place among the answers that are due. */
  enqueue(exchange: OpenExchange): void;
  /** Sends to the callee, and dials it first if nobody has. False: no more until `drained` of this side. */
  sendUp(bytes: Buffer, source: Wire | undefined): boolean;
  /** Tells the callee that no more will come. */
  endUp(): void;
  /** Sends this request again, apart from the exchange that it is a copy of. */
  sendCopies(order: CopyOrder, exchange: OpenExchange): void;
  /** Answers of ours may be due; `answersGiven` of this side is called if none is. */
  answerDue(): void;
  /** Sends an interim head of ours to the caller. */
  sendInterim(bytes: Buffer): void;
  /** This exchange was refused, its head or somewhere in its body. */
  refused(exchange: OpenExchange): void;
  /** A fault cuts the connection. */
  cutByFault(): void;
  /** The caller has half-closed, and all that came before is on its way. `isCutShort`: in the middle of a request that nobody else will end. */
  requestsEnded(isCutShort: boolean): void;
  /** Whether the caller should be read may have changed. */
  steer(): void;
}
