/**
 * One caller's HTTP connection and its one upstream connection: it joins the two legs, the two sides that read the messages, the faults and the
 * ledger, and decides how the connection ends. The parts do not know each other; whatever one of them asks of another comes through here.
 */
import type { Connection, ExchangeEnd } from '../../journal/observations.js';
import { toldFaults } from '../encounters.js';
import type { FlowDirection } from '../faults/fault.js';
import type { OpenConnection } from '../open-connections.js';
import type { ConnectionState } from '../proxy.js';
import type { Accepted, Wire } from '../wire.js';
import { Abandonment } from './abandonment.js';
import { AnswerDesk, type AnswerDeskHost } from './answer-desk.js';
import { CallerLeg } from './caller-leg.js';
import { dialFailure } from './dial-failure.js';
import { ExchangeLedger } from './exchange-ledger.js';
import type { OpenExchange } from './open-exchange.js';
import { type LinkFaults, RelayFaults } from './relay-faults.js';
import type { RelayOptions } from './relay-options.js';
import type { RequestHost } from './request-host.js';
import { RequestSide } from './request-side.js';
import type { ResponseHost } from './response-host.js';
import { ResponseSide } from './response-side.js';
import { type LegEvents, UpstreamLeg } from './upstream-leg.js';

/** Exchanges of one connection whose answers are due; beyond it the caller is paused. */
const DUE_MAX = 1024;

/** `closing`: the last bytes for the caller are on their way. `closed`: what remains is for the sockets to go. */
type State = 'open' | 'closing' | 'closed';

export class Relay implements OpenConnection {
  readonly #options: RelayOptions;
  readonly startMs: number;
  readonly #caller: CallerLeg;
  readonly #upstream: UpstreamLeg;
  readonly #requests: RequestSide;
  readonly #responses: ResponseSide;
  readonly #ledger: ExchangeLedger;
  readonly #desk: AnswerDesk;
  readonly #faults: RelayFaults;
  readonly #abandonment: Abandonment;
  #state: State = 'open';
  #isUpFull = false;
  /** Answers of our own wait for the caller to read: it must not ask for more. */
  #isAnswerStuck = false;
  readonly #byteCounts: Record<FlowDirection, number> = { up: 0, down: 0 };

  constructor(options: RelayOptions, accepted: Accepted) {
    const { ports, limits, identity, upstream, dial, met } = options;
    const { clock } = ports;
    const { link, from, to: instance, connection } = identity;
    this.#options = options;
    this.startMs = clock.nowMs();
    this.#ledger = new ExchangeLedger(options);
    this.#desk = new AnswerDesk({ clock, ledger: this.#ledger, host: this.#answerDeskHost() });
    const source = (): string | undefined => this.#caller.remoteAddress;
    this.#faults = new RelayFaults(clock, { link, from, instance, connection, startMs: this.startMs, source }, met);
    this.#requests = new RequestSide({ clock, limits, host: this.#requestHost() });
    this.#responses = new ResponseSide({ clock, limits, host: this.#responseHost() });
    this.#upstream = new UpstreamLeg({ clock, limits, upstream, dial }, this.#upstreamEvents());
    this.#abandonment = new Abandonment(clock, limits.halfClosedMsMax, {
      servedBytes: () => this.#byteCounts.down,
      tell: () => this.#tellAbandoned(),
      giveUp: () => this.cut('clientClosed'),
    });
    this.#caller = new CallerLeg(
      { clock, accepted },
      {
        data: (bytes, source) => this.#requests.data(bytes, source),
        end: () => this.#callerEnded(),
        drained: () => this.#callerDrained(),
        gone: (error) => this.#callerGone(error),
      },
    );
  }

  get heldBytes(): number {
    return this.#upstream.heldBytes + this.#requests.heldBytes + this.#responses.heldBytes;
  }

  /** Replaces the faults, at once. A message that was ruled on keeps its ruling, but not the delay of a fault that is gone. */
  setFaults(faults: LinkFaults): void {
    if (this.#state !== 'open') return;
    const stages = this.#faults.set(faults, { isNew: this.#upstream.isIdle });
    for (const exchange of this.#openExchanges()) this.#faults.note(exchange);
    this.#upstream.setStages(stages);
    this.#requests.retain(faults.all);
    this.#responses.retain(faults.all);
  }

  state(): ConnectionState {
    const { up: bytesUp, down: bytesDown } = this.#byteCounts;
    return { source: this.#caller.remoteAddress, bytesUp, bytesDown, heldBytes: this.heldBytes, faults: this.#faults.applied };
  }

  /** Resets both sides and records what was open. */
  cut(end: ExchangeEnd): void {
    if (this.#state === 'closed') return;
    this.#recordOpen(end);
    this.#caller.reset();
    this.#upstream.reset();
    this.#over(end === 'faultReset' || end === 'proxyClosed' || end === 'killed' ? end : 'closed');
  }

  #requestHost(): RequestHost {
    return {
      identity: this.#options.identity,
      observer: this.#options.observer,
      needBody: (exchange) => this.#faults.needBody(exchange),
      ruleOnRequest: (exchange) => this.#faults.rule(exchange),
      enqueue: (exchange) => {
        this.#ledger.add(exchange);
        if (this.#ledger.dueCount >= DUE_MAX) this.#steer();
      },
      sendUp: (bytes, source) => {
        this.#count('up', bytes.length);
        this.#upstream.send(bytes, source);
        return !this.#isUpFull;
      },
      endUp: () => this.#upstream.end(),
      sendCopies: (order, exchange) => this.#options.sendCopies(order, exchange, this.#caller.remoteAddress),
      answerDue: () => this.#desk.giveDue(),
      sendInterim: (bytes) => this.#sendDown(bytes, undefined),
      refused: (exchange) => this.#desk.refuse(exchange),
      cutByFault: () => this.cut('faultReset'),
      requestsEnded: (isCutShort) => this.#requestsEnded(isCutShort),
      steer: () => this.#steer(),
    };
  }

  #responseHost(): ResponseHost {
    return {
      front: () => this.#ledger.due(0),
      isOursNext: () => this.#ledger.due(1)?.answer !== undefined || this.#requests.owesInterim,
      ruleOnResponse: (exchange, response) => this.#faults.rule(exchange, response),
      sendDown: (bytes, source) => this.#sendDown(bytes, source),
      completed: (atMs) => {
        this.#desk.completed(atMs);
        if (this.#ledger.dueCount === DUE_MAX - 1) this.#steer();
      },
      answerEndsAll: (end) => this.#desk.completedLast(end),
      replaced: (exchange, answer) => this.#desk.give(exchange, answer),
      tunnelAnswered: (isTunnel) => {
        if (isTunnel) this.#ledger.openTunnel();
        this.#requests.tunnelAnswered(isTunnel);
      },
      responseRefused: (problem) =>
        this.#desk.fail('malformedResponse', `${this.#options.identity.link}: the upstream's response cannot be passed on: ${problem}`),
      cutByFault: () => this.cut('faultReset'),
      responsesEnded: () => this.#responsesEnded(),
      readOn: () => {
        if (!this.#caller.isFull) this.#upstream.resume();
      },
    };
  }

  #upstreamEvents(): LegEvents {
    const { upstream, identity } = this.#options;
    const { link } = identity;
    return {
      data: (bytes, source) => this.#responses.data(bytes, source),
      end: () => this.#responses.end(),
      saturated: (isFull) => {
        this.#isUpFull = isFull;
        if (!isFull) this.#requests.drained();
        this.#steer();
      },
      reset: () => this.cut('faultReset'),
      failed: (error) => this.#desk.fail(this.#ledger.dialFailed(error), dialFailure({ link, upstream }, error)),
      broken: (error) => this.cut(this.#ledger.brokenOff(error)),
      gone: () => this.#endIfBothGone(),
    };
  }

  #answerDeskHost(): AnswerDeskHost {
    return {
      isOpen: () => this.#state === 'open',
      send: (bytes) => {
        this.#isAnswerStuck = !this.#sendDown(bytes, undefined);
        this.#steer();
      },
      allGiven: () => this.#requests.answersGiven(),
      cut: (end) => this.cut(end),
      close: (end, ending, by) => {
        if (by !== undefined) this.#ledger.noteEnding({ endedBy: by, endedHow: ending === 'reset' ? 'rst' : 'fin' });
        this.#recordOpen(end);
        // A callee that has seen half a request, or that cannot be understood, must not take our end for a good one.
        if (end !== 'upstreamClosed') this.#upstream.reset();
        this.#startClosing(ending);
      },
    };
  }

  #sendDown(bytes: Buffer, source: Wire | undefined): boolean {
    this.#count('down', bytes.length);
    return this.#caller.send(bytes, source);
  }

  #steer(): void {
    if (this.#state !== 'open') return;
    const isFull = this.#isUpFull || this.#isAnswerStuck || this.#ledger.dueCount >= DUE_MAX || this.#requests.isFull;
    this.#caller.read(!isFull);
  }

  #callerDrained(): void {
    this.#isAnswerStuck = false;
    if (this.#state !== 'open') return;
    this.#responses.drained();
    if (!this.#responses.isHolding) this.#upstream.resume();
    this.#steer();
  }

  #callerEnded(): void {
    this.#ledger.callerEndMs = this.#options.ports.clock.nowMs();
    if (this.#state !== 'open') return;
    this.#abandonment.watch();
    this.#requests.end();
  }

  #callerGone(error: NodeJS.ErrnoException | undefined): void {
    const isReset = error !== undefined && this.#ledger.callerEndMs === undefined;
    this.#recordOpen(isReset ? 'clientReset' : 'clientClosed');
    if (isReset) this.#upstream.reset();
    this.#over(isReset ? 'clientReset' : 'closed');
    this.#endIfBothGone();
  }

  #requestsEnded(isCutShort: boolean): void {
    if (isCutShort || (this.#upstream.isIdle && this.#ledger.dueCount === 0)) {
      this.#recordOpen('clientClosed');
      this.#startClosing('close');
    } else {
      this.#upstream.end();
    }
  }

  #responsesEnded(): void {
    if (this.#ledger.tunnel !== undefined) {
      this.#ledger.calleeEndMs = this.#options.ports.clock.nowMs();
      this.#caller.end();
      return;
    }
    this.#recordOpen('upstreamClosed');
    this.#startClosing('close');
  }

  /** Tells of what the caller did not wait for. True if it must be kept nevertheless: a tunnel is its own, and what a fault holds is on its way. */
  #tellAbandoned(): boolean {
    if (this.#ledger.tunnel !== undefined) return true;
    for (const exchange of this.#openExchanges()) this.#ledger.record(exchange, 'clientClosed');
    return this.#requests.heldExchange !== undefined || this.#responses.isHolding || this.#upstream.isHolding;
  }

  /** Takes nothing more from either side, and lets the caller have its last bytes. */
  #startClosing(ending: 'close' | 'reset'): void {
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    this.#stop();
    if (ending === 'reset') this.#caller.abort();
    else this.#caller.close();
  }

  #over(end: Connection['end']): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#stop();
    this.#faults.end();
    const { up: bytesUp, down: bytesDown } = this.#byteCounts;
    this.#ledger.recordConnection({ startMs: this.startMs, end, bytesUp, bytesDown, ...toldFaults(this.#faults.met) });
  }

  /** No timer is alive afterwards, but for the caller's last bytes. */
  #stop(): void {
    this.#requests.close();
    this.#responses.close();
    this.#upstream.destroy();
    this.#abandonment.cancel();
  }

  #endIfBothGone(): void {
    if (this.#caller.isGone && this.#upstream.isGone) this.#options.ended(this.#options.identity.connection);
  }

  *#openExchanges(): Generator<OpenExchange> {
    yield* this.#ledger.open();
    if (this.#requests.heldExchange !== undefined) yield this.#requests.heldExchange;
  }

  #recordOpen(end: ExchangeEnd): void {
    if (this.#requests.heldExchange !== undefined) this.#ledger.record(this.#requests.heldExchange, end);
    this.#ledger.recordOpen(end);
  }

  #count(direction: FlowDirection, byteCount: number): void {
    this.#byteCounts[direction] += byteCount;
    this.#options.count(direction, byteCount);
  }
}
