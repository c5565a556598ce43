/** Asks the faults of one phase about one message head, in order, and sums up what they say. */
import { drawStream } from '../../core/random.js';
import type { ConnectionIdentity } from '../connection-faults.js';
import type { ActiveFault } from '../faults/active-fault.js';
import type { FlowDirection, HttpDecision, HttpFault, HttpFaultContext, ResponseHead } from '../faults/fault.js';
import type { OpenExchange } from './open-exchange.js';
import type { ParsedRequest } from './request-head.js';

export interface Delay {
  fault: ActiveFault;
  delayMs: number;
}

export type Reply = Extract<HttpDecision, { kind: 'reply' }>;

export interface Ruling {
  /** They add up, and come before the outcome. */
  delays: readonly Delay[];
  /** Undefined: the message goes on. */
  outcome: Reply | Extract<HttpDecision, { kind: 'reset' }> | undefined;
}

/** The HTTP faults of a link by phase, each list in the order in which they are asked. */
export type MessageFaults = Readonly<Record<FlowDirection, readonly ActiveFault[]>>;

/** Sorts the http faults of a list into phases: by the definition's `order`, then as listed. */
export function messageFaultsOf(faults: readonly ActiveFault[]): MessageFaults {
  const http = faults.filter((fault) => fault.definition.protocol === 'http');
  const sorted = http.toSorted((a, b) => (a.definition as HttpFault).order - (b.definition as HttpFault).order);
  return { up: sorted.filter((fault) => fault.flows('up')), down: sorted.filter((fault) => fault.flows('down')) };
}

export interface RuledMessage extends Omit<ConnectionIdentity, 'link'> {
  faults: readonly ActiveFault[];
  exchange: OpenExchange;
  request: ParsedRequest;
  /** In the response phase. */
  response?: ResponseHead;
}

/** The faults' word on a message; a `reply` or `reset` ends the walk. Counts in the faults and notes in the exchange who was asked. */
export function ruleOn(message: RuledMessage): Ruling {
  const { exchange, request, instance, connection } = message;
  const delays: Delay[] = [];
  for (const fault of message.faults) {
    if (fault.definition.protocol !== 'http' || !fault.covers(message)) continue;
    if (fault.matches !== undefined && !fault.matches(request)) continue;
    const isApplied = fault.decide({ instance, connection, head: request });
    exchange.met(fault.id, isApplied);
    if (!isApplied) continue;
    const decision = fault.definition.decide(fault.params, contextOf(message, fault));
    if (decision.kind === 'delay') delays.push({ fault, delayMs: decision.delayMs });
    else if (decision.kind !== 'continue') return { delays, outcome: decision };
  }
  return { delays, outcome: undefined };
}

/** Draws are keyed by the message's own place, so they do not depend on what other connections do. */
function contextOf({ exchange, request, response, instance, connection }: RuledMessage, fault: ActiveFault): HttpFaultContext {
  const phase = response === undefined ? 'up' : 'down';
  const random = drawStream(fault.draw, `${instance}#${connection}.${exchange.ordinal}.${phase}`);
  return response === undefined ? { request, random } : { request, response, random };
}
