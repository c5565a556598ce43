/** Keeps the turn of the answers: what the callee has said, and what this link says itself. Says what that means for the connection. */
import type { Clock } from '../../core/clock.js';
import type { EndedBy, ExchangeEnd } from '../../journal/observations.js';
import { createRefusal, endingOfAnswer } from './answer.js';
import type { ExchangeLedger } from './exchange-ledger.js';
import type { Answer, OpenExchange } from './open-exchange.js';

export interface AnswerDeskHost {
  /** Whether the caller may still be answered. */
  isOpen(): boolean;
  /** Sends bytes of ours to the caller. */
  send(bytes: Buffer): void;
  /** No answer is due any more. */
  allGiven(): void;
  /** Resets both sides. */
  cut(end: ExchangeEnd): void;
  /**
   * The last answer has been given; all other exchanges end like this, and the connection with them: in order, or with a RST. `by`: who has ended them,
   * if `end` does not say it.
   */
  close(end: ExchangeEnd, ending: 'close' | 'reset', by?: EndedBy): void;
}

export class AnswerDesk {
  readonly #clock: Clock;
  readonly #ledger: ExchangeLedger;
  readonly #host: AnswerDeskHost;

  constructor({ clock, ledger, host }: { clock: Clock; ledger: ExchangeLedger; host: AnswerDeskHost }) {
    this.#clock = clock;
    this.#ledger = ledger;
    this.#host = host;
  }

  /** The callee's answer to the oldest request is whole. */
  completed(atMs: number): void {
    this.#finish('complete', atMs);
    this.giveDue();
  }

  /** The callee's answer to the oldest request is over, and nothing can follow it on the connection. */
  completedLast(end: 'complete' | 'faultReset'): void {
    const front = this.#ledger.due(0);
    if (end === 'faultReset' && front !== undefined) front.ending = { endedBy: 'fault', endedHow: 'fin' };
    this.#finish(end, this.#clock.nowMs());
    this.#host.close('upstreamClosed', 'close', end === 'faultReset' ? 'fault' : undefined);
  }

  /** Gives the answers of ours whose turn has come. */
  giveDue(): void {
    while (this.#host.isOpen()) {
      const exchange = this.#ledger.due(0);
      if (exchange === undefined) this.#host.allGiven();
      if (exchange?.answer === undefined) return;
      this.#ledger.takeOldest();
      this.give(exchange, exchange.answer);
    }
  }

  /** Gives this answer now. */
  give(exchange: OpenExchange, answer: Answer): void {
    // An answer that is none leaves what the callee had said.
    exchange.status = answer.status ?? exchange.status;
    exchange.bytesDown = answer.bytes.length;
    if (answer.bytes.length > 0) {
      exchange.responseStartMs = this.#clock.nowMs();
      this.#host.send(answer.bytes);
    }
    exchange.ending = endingOfAnswer(answer);
    this.#ledger.record(exchange, answer.end);
    if (answer.ending === 'keep') return;
    this.#host.close(answer.end === 'complete' ? 'upstreamClosed' : answer.end, answer.ending, exchange.ending?.endedBy);
  }

  /** An exchange was refused, and has its answer. When another is under way already, a second one would be read as part of it. */
  refuse(exchange: OpenExchange): void {
    if (exchange.isRecorded || exchange.responseStartMs !== undefined) this.#host.cut('malformedRequest');
    else this.giveDue();
  }

  /** Tells the caller with a 502 what became of its oldest request, unless another answer to it has begun. */
  fail(end: 'malformedResponse' | 'connectFailed' | 'handshakeFailed', sentence: string): void {
    const exchange = this.#ledger.due(0);
    if (exchange === undefined || exchange.isOurs || exchange.isRecorded || exchange.responseStartMs !== undefined) {
      this.#host.cut(end);
      return;
    }
    this.#ledger.takeOldest();
    this.give(exchange, createRefusal(502, sentence, { request: exchange.request, end }));
  }

  #finish(end: ExchangeEnd, atMs: number): void {
    const exchange = this.#ledger.takeOldest();
    if (exchange !== undefined) this.#ledger.record(exchange, end, atMs);
  }
}
