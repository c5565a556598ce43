/** What the callee's side of a relay asks of the whole: a seam, so that each can be read by itself. */
import type { Wire } from '../wire.js';
import type { Malformation } from './malformation.js';
import type { Answer, OpenExchange } from './open-exchange.js';
import type { ParsedResponse } from './response-head.js';
import type { Ruling } from './rule-on.js';

export interface ResponseHost {
  /** The oldest exchange without a whole answer. */
  front(): OpenExchange | undefined;
  /** Whether something of ours is ready to follow the answer of `front`. */
  isOursNext(): boolean;
  /** The faults' word on a response; undefined if no fault looks at responses now. */
  ruleOnResponse(exchange: OpenExchange, response: ParsedResponse): Ruling | undefined;
  /** Sends to the caller. False: no more until `drained` of this side. */
  sendDown(bytes: Buffer, source: Wire | undefined): boolean;
  /** The answer of `front` is whole. */
  completed(atMs: number): void;
  /** The answer of `front` has ended like this, and the connection has to end behind it. */
  answerEndsAll(end: 'complete' | 'faultReset'): void;
  /** Gives this answer in place of the callee's, which is still to be read to its end. */
  replaced(exchange: OpenExchange, answer: Answer): void;
  /** The answer to a request for a tunnel: opened, or not. */
  tunnelAnswered(isTunnel: boolean): void;
  /** The callee cannot be understood. */
  responseRefused(problem: Malformation): void;
  /** A fault cuts the connection. */
  cutByFault(): void;
  /** The callee has half-closed, or is not worth waiting for, and all that came before is on its way. */
  responsesEnded(): void;
  /** What waited is gone: the callee may be read again. */
  readOn(): void;
}
