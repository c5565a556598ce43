/**
 * A request that a fault sends once more, on a connection of its own, through the TCP faults of the link like any other. Nobody hears the answer,
 * and no HTTP fault looks at either; the exchange is recorded, for the callee has it like any other.
 */
import type { ExchangeEnd } from '../../journal/observations.js';
import { Alarm } from '../alarm.js';
import type { OpenConnection } from '../open-connections.js';
import type { ConnectionState } from '../proxy.js';
import { ExchangeLedger } from './exchange-ledger.js';
import { OpenExchange } from './open-exchange.js';
import { type LinkFaults, RelayFaults } from './relay-faults.js';
import type { RelayOptions } from './relay-options.js';
import type { CopyOrder } from './request-copier.js';
import { type ParsedRequest, parseRequestHead } from './request-head.js';
import { ResponseSide } from './response-side.js';
import { UpstreamLeg } from './upstream-leg.js';

/** How long an answer that nobody hears is waited for. */
const ANSWER_MS_MAX = 60_000;

export class RequestCopy implements OpenConnection {
  readonly startMs: number;
  readonly #options: RelayOptions;
  readonly #order: CopyOrder;
  readonly #source: string | undefined;
  readonly #upstream: UpstreamLeg;
  readonly #responses: ResponseSide;
  readonly #ledger: ExchangeLedger;
  readonly #faults: RelayFaults;
  /** Until it is sent, then until it was answered. */
  readonly #alarm: Alarm;
  #state: 'waiting' | 'sent' | 'over' = 'waiting';
  #isGone = false;

  /** `source`: the address of the caller whose request it is. It begins to wait for its time in `start`. */
  constructor(options: RelayOptions, order: CopyOrder, source: string | undefined) {
    const { ports, limits, identity, upstream, dial } = options;
    const { clock } = ports;
    this.#options = options;
    this.#order = order;
    this.#source = source;
    this.startMs = clock.nowMs();
    this.#ledger = new ExchangeLedger(options);
    this.#faults = new RelayFaults(clock, { ...identity, instance: identity.to, startMs: this.startMs, source: () => source });
    this.#alarm = new Alarm(clock, () => this.#due());
    this.#responses = this.#createResponses();
    this.#upstream = new UpstreamLeg(
      { clock, limits, upstream, dial },
      {
        data: (bytes, lender) => this.#responses.data(bytes, lender),
        end: () => this.#responses.end(),
        saturated: () => {},
        reset: () => this.cut('faultReset'),
        failed: (error) => this.#end(this.#ledger.dialFailed(error)),
        broken: (error) => this.#end(this.#ledger.brokenOff(error)),
        gone: () => this.#gone(),
      },
    );
  }

  start(): void {
    this.#alarm.set(this.startMs + this.#order.delayMs);
  }

  get heldBytes(): number {
    return this.#upstream.heldBytes;
  }

  /** What is waiting to be sent on account of a fault that is gone is not sent. */
  setFaults(faults: LinkFaults): void {
    if (this.#state === 'over') return;
    if (this.#state === 'waiting' && !faults.all.includes(this.#order.fault)) {
      this.#end('proxyClosed');
      return;
    }
    this.#upstream.setStages(this.#faults.set(faults, { isNew: this.#upstream.isIdle }));
    for (const exchange of this.#ledger.open()) this.#faults.note(exchange);
  }

  state(): ConnectionState {
    const bytesUp = this.#state === 'waiting' ? 0 : this.#order.bytes.length;
    return {
      source: this.#source,
      bytesUp,
      bytesDown: 0,
      heldBytes: this.heldBytes,
      faults: [this.#order.fault.id, ...this.#faults.applied],
    };
  }

  cut(end: ExchangeEnd): void {
    this.#upstream.reset();
    this.#end(end);
  }

  #due(): void {
    if (this.#state === 'sent') this.cut('timeout');
    else this.#send();
  }

  #send(): void {
    const { clock } = this.#options.ports;
    const { fault, bytes } = this.#order;
    const request = requestOf(bytes);
    if (request === undefined) {
      this.#end('proxyClosed');
      return;
    }
    this.#state = 'sent';
    const nowMs = clock.nowMs();
    const exchange = new OpenExchange({ ordinal: 1, startMs: nowMs, method: request.method, path: request.target, request, isCopy: true });
    exchange.met(fault.id, 'applied');
    this.#faults.note(exchange);
    exchange.bytesUp = bytes.length;
    exchange.requestEndMs = nowMs;
    this.#ledger.add(exchange);
    this.#alarm.set(nowMs + ANSWER_MS_MAX);
    this.#options.count('up', bytes.length);
    this.#upstream.send(Buffer.from(bytes), undefined);
  }

  #createResponses(): ResponseSide {
    const { limits, ports } = this.#options;
    const end = (how: ExchangeEnd) => () => this.#end(how);
    return new ResponseSide({
      clock: ports.clock,
      limits,
      host: {
        front: () => this.#ledger.due(0),
        isOursNext: () => false,
        ruleOnResponse: () => undefined,
        sendDown: () => true,
        completed: end('complete'),
        answerEndsAll: (how) => this.#end(how),
        replaced: () => {},
        tunnelAnswered: () => {},
        responseRefused: end('malformedResponse'),
        cutByFault: end('faultReset'),
        responsesEnded: end('upstreamClosed'),
        readOn: () => this.#upstream.resume(),
      },
    });
  }

  #end(how: ExchangeEnd): void {
    if (this.#state === 'over') return;
    this.#state = 'over';
    this.#alarm.cancel();
    this.#ledger.recordOpen(how);
    this.#responses.close();
    this.#faults.end();
    // Without a socket, or while one is on its way, nothing else will tell that it is gone.
    if (this.#upstream.isGone) this.#gone();
    else this.#upstream.destroy();
  }

  #gone(): void {
    this.#end('upstreamClosed');
    if (this.#isGone) return;
    this.#isGone = true;
    this.#options.ended(this.#options.identity.connection);
  }
}

/** The request as the callee gets it. */
function requestOf(bytes: Buffer): ParsedRequest | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n', 2, 'latin1') + 4;
  const request = parseRequestHead(bytes.toString('latin1', 0, headEnd));
  return typeof request === 'string' ? undefined : request;
}
