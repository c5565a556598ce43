/** The faults of a link as one connection meets them: those that look at messages, and the stages of those that act on its bytes. */
import type { Clock } from '../../core/clock.js';
import { ConnectionFaults, type ConnectionIdentity, type Stages } from '../connection-faults.js';
import type { Came } from '../encounters.js';
import type { ActiveFault } from '../faults/active-fault.js';
import type { FlowDirection, ResponseHead } from '../faults/fault.js';
import { FaultSieve } from './fault-sieve.js';
import { messageFaultsOf, needBody, type RuledExchange, type Ruling, ruleOn } from './rule-on.js';

type MessageSieves = Readonly<Record<FlowDirection, FaultSieve>>;

/** Faults of a link, with those that look at messages sorted once for all its connections. */
export interface LinkFaults {
  all: readonly ActiveFault[];
  messages: MessageSieves;
  /** Those that have to know a request's body, in whichever phase they act. */
  onBodies: readonly ActiveFault[];
}

export function linkFaultsOf(faults: readonly ActiveFault[]): LinkFaults {
  const { up, down } = messageFaultsOf(faults);
  const messages = { up: new FaultSieve(up), down: new FaultSieve(down) };
  return { all: faults, messages, onBodies: faults.filter((fault) => fault.needsBody) };
}

const NO_FAULTS = linkFaultsOf([]);

/** `from` is the caller's instance. */
export type MessageIdentity = ConnectionIdentity & { from: string };

export class RelayFaults {
  readonly #clock: Clock;
  readonly #identity: MessageIdentity;
  /** Made when a first fault comes: most connections never meet one. */
  #connectionFaults: ConnectionFaults | undefined;
  #messages: MessageSieves = NO_FAULTS.messages;
  #onBodies: readonly ActiveFault[] = [];
  /** TCP faults that are on the connection now. */
  #wireFaults: readonly (readonly [fault: string, came: Came])[] = [];

  /** `met`: as the connection's TLS handshake has met them. */
  constructor(clock: Clock, identity: MessageIdentity, met?: ConnectionFaults) {
    this.#clock = clock;
    this.#identity = identity;
    this.#connectionFaults = met;
  }

  /** Takes the new list and tells the stages that it means. `isNew`: the upstream has not been asked for. */
  set({ all, messages, onBodies }: LinkFaults, { isNew }: { isNew: boolean }): Stages {
    this.#messages = messages;
    this.#onBodies = onBodies;
    if (all.length === 0 && this.#connectionFaults === undefined) return { up: [], down: [] };
    this.#connectionFaults ??= new ConnectionFaults(this.#identity);
    const stages = this.#connectionFaults.stages(all, { isNew });
    const on = new Set(all.map(({ id }) => id));
    this.#wireFaults = this.met.filter(([fault]) => on.has(fault));
    return stages;
  }

  /** The TCP faults that this connection has ever met, and what came of each. */
  get met(): readonly (readonly [fault: string, came: Came])[] {
    return this.#connectionFaults?.met ?? [];
  }

  /** Ids of those of them that have hit it. */
  get applied(): readonly string[] {
    return this.#connectionFaults?.applied ?? [];
  }

  /** The connection is over. */
  end(): void {
    this.#connectionFaults?.end();
  }

  /** Notes in an exchange which TCP faults are on its connection. */
  note(exchange: RuledExchange): void {
    for (const [fault, came] of this.#wireFaults) exchange.met(fault, came);
  }

  /** Whether they have to know the body of this request first. */
  needBody({ request }: RuledExchange): boolean {
    return request !== undefined && this.#onBodies.length > 0 && needBody(this.#onBodies, { ...this.#identity, request });
  }

  /** The faults' word on a request, or on a response to it; undefined if none looks at it. */
  rule(exchange: RuledExchange, response?: ResponseHead): Ruling | undefined {
    if (response === undefined) this.note(exchange);
    const { request } = exchange;
    if (request === undefined) return undefined;
    const faults = this.#messages[response === undefined ? 'up' : 'down'].passing(request);
    if (faults.length === 0) return undefined;
    return ruleOn({
      ...this.#identity,
      faults,
      exchange,
      request,
      nowMs: this.#clock.nowMs(),
      ...(response !== undefined && { response }),
    });
  }
}
