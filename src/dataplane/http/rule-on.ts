/** Asks the faults of one phase about one message head, in order, and sums up what they say. */
import { drawStream } from '../../core/random.js';
import type { SkipReason } from '../../journal/observations.js';
import type { ConnectionIdentity } from '../connection-faults.js';
import type { Came } from '../encounters.js';
import type { ActiveFault, Life } from '../faults/active-fault.js';
import type { FlowDirection, HttpDecision, HttpFault, HttpFaultContext, RequestHead, ResponseHead } from '../faults/fault.js';
import { Gate } from '../faults/gate.js';
import { type RequestBody, valueOf } from '../faults/request-body.js';
import { saysNothing } from './head-edit.js';
import type { Wait } from './hold.js';

/** A fault that came when the request was on its way already could not ask for its body. */
const UNREAD: RequestBody = { kind: 'unread' };

type Kind<K extends HttpDecision['kind']> = Extract<HttpDecision, { kind: K }>;

/** What the caller gets in place of the callee's answer. */
export type Substitute = Kind<'reply' | 'raw' | 'lose'>;
/** What takes the place of the message; it ends the walk. */
export type Outcome = Substitute | Kind<'reset'>;
export type Edit = { fault: ActiveFault } & Omit<Kind<'edit'>, 'kind'>;
export type Copies = { fault: ActiveFault } & Omit<Kind<'duplicate'>, 'kind'>;

export interface Ruling {
  /** They come before all else, one after the other. */
  waits: readonly Wait[];
  copies: readonly Copies[];
  /** Each works on what the one before has left. */
  edits: readonly Edit[];
  /** To be called once each, when the exchange is over. */
  watches: readonly (() => void)[];
  /** On HTTP/2: what the caller is told of its connection. */
  goaway: Kind<'goaway'> | undefined;
  /** Undefined: the message goes on. */
  outcome: Outcome | undefined;
}

/** The HTTP faults of a link by phase, each list in the order in which they are asked. */
export type MessageFaults = Readonly<Record<FlowDirection, readonly ActiveFault[]>>;

/** Sorts the http faults of a list into phases: by the definition's `order`, then as listed. */
export function messageFaultsOf(faults: readonly ActiveFault[]): MessageFaults {
  const http = faults.flatMap((fault) => (fault.definition.protocol === 'http' ? [{ fault, definition: fault.definition }] : []));
  const sorted = http.toSorted((a, b) => a.definition.order - b.definition.order);
  const of = (phase: FlowDirection) => sorted.filter((it) => actsIn(phase, it)).map(({ fault }) => fault);
  return { up: of('up'), down: of('down') };
}

function actsIn(phase: FlowDirection, { fault, definition }: { fault: ActiveFault; definition: HttpFault }): boolean {
  return fault.flows(phase) && (definition.phases?.includes(phase) ?? true);
}

/** What the faults need to know of an exchange, whatever carries it. */
export interface RuledExchange extends Life {
  /** Counts from 1 on each connection. */
  readonly ordinal: number;
  /** Undefined for a request that was refused before it was understood. */
  readonly request: RequestHead | undefined;
  /** What is known of the request's body; undefined if nobody asked when there was time. */
  readonly requestBody?: RequestBody | undefined;
  /** Notes a fault that looked at it, and what came of that. */
  met(faultId: string, came: Came): void;
  /** What a fault that chose it was to do was not done, for this reason. False: that was known, and a reason with it. */
  missed(faultId: string, why: SkipReason): boolean;
}

export interface RuledMessage extends ConnectionIdentity {
  /** The caller's instance. */
  from: string;
  faults: readonly ActiveFault[];
  exchange: RuledExchange;
  request: RequestHead;
  /** In the response phase. */
  response?: ResponseHead;
  nowMs: number;
}

/** The faults' word on a message. Counts in the faults and notes in the exchange who was asked. */
export function ruleOn(message: RuledMessage): Ruling {
  const { exchange, request, link, instance, connection } = message;
  const body = parsedOnce(exchange.requestBody);
  const waits: Wait[] = [];
  const copies: Copies[] = [];
  const edits: Edit[] = [];
  const watches: (() => void)[] = [];
  let goaway: Ruling['goaway'];
  for (const fault of message.faults) {
    if (fault.definition.protocol !== 'http' || !looksAt(fault, message, body)) continue;
    const key = { link, instance, connection, head: request, ...(fault.needsBody && { body: body() }) };
    const came = fault.decide(key, exchange);
    exchange.met(fault.id, came);
    if (came !== 'applied') continue;
    const decision = fault.definition.decide(fault.params, contextOf(message, fault));
    switch (decision.kind) {
      case 'continue':
        miss(fault, exchange);
        break;
      case 'delay':
      case 'hold':
        waits.push({ fault, ...decision });
        break;
      case 'duplicate':
        copies.push({ fault, ...decision });
        break;
      case 'edit':
        if (isToBeMade(decision, fault, exchange)) edits.push({ fault, ...decision });
        break;
      case 'watch':
        watches.push(() => decision.over());
        break;
      case 'goaway':
        goaway ??= decision;
        break;
      default:
        // What does not go on is neither copied nor changed.
        for (const { fault: moot } of [...copies, ...edits]) miss(moot, exchange, 'moot');
        return { waits, copies: [], edits: [], watches, goaway, outcome: decision };
    }
  }
  return { waits, copies, edits, watches, goaway, outcome: undefined };
}

/** Whether it is a message that the fault looks at: its heads, and then its body, if somebody has to know that. */
function looksAt(fault: ActiveFault, message: RuledMessage, body: () => unknown): boolean {
  const { request, response, exchange } = message;
  if (!fault.covers(message) || fault.matches?.(request, response) === false) return false;
  if (!fault.needsBody) return true;
  const { kind } = exchange.requestBody ?? UNREAD;
  if (kind === 'unread') {
    fault.unread();
    exchange.met(fault.id, 'unread');
  }
  return kind === 'json' && fault.matchesBody(body());
}

/** Its value; what nobody asks for is not parsed. */
function parsedOnce(body: RequestBody | undefined): () => unknown {
  let value: unknown;
  return () => {
    if (body?.kind === 'json') value ??= valueOf(body.text);
    return value;
  };
}

/** Whether the faults have to know the body of this request before they say anything about it, or about the response. */
export function needBody(faults: readonly ActiveFault[], message: Pick<RuledMessage, 'request' | 'startMs' | 'source'>): boolean {
  return faults.some((fault) => fault.needsBody && fault.covers(message) && fault.matches?.(message.request) !== false);
}

/** False: it would change nothing. A fault that does not alter the message counts as skipped. */
function isToBeMade(edit: Kind<'edit'>, fault: ActiveFault, exchange: RuledExchange): boolean {
  const isEmpty = changesNothing(edit);
  if (isEmpty || edit.onlyReads) miss(fault, exchange);
  else if (edit.wasFelt !== undefined) missUnlessFelt(edit.wasFelt, fault, exchange);
  return !isEmpty;
}

function changesNothing({ head = {}, body, trailers }: Kind<'edit'>): boolean {
  return body === undefined && trailers === undefined && saysNothing(head);
}

/** What the fault was to do to this message is not done: it counts as skipped after all. */
export function miss(fault: ActiveFault, exchange: RuledExchange, why: SkipReason = 'impossible'): void {
  if (exchange.missed(fault.id, why)) fault.missed();
}

/** What an edit does to a body is known when that is over. */
export function missUnlessFelt(wasFelt: () => boolean, fault: ActiveFault, exchange: RuledExchange): void {
  exchange.onEnd(() => {
    if (!wasFelt()) miss(fault, exchange);
  });
}

/** Draws are keyed by the message's own place, so they do not depend on what other connections do. */
function contextOf(message: RuledMessage, fault: ActiveFault): HttpFaultContext {
  const { exchange, request, response, instance, connection, from, source, nowMs } = message;
  const phase = response === undefined ? 'up' : 'down';
  return {
    request,
    ...(response !== undefined && { response }),
    random: drawStream(fault.draw, `${instance}#${connection}.${exchange.ordinal}.${phase}`),
    nowMs,
    from,
    to: instance,
    source,
    gate: () => new Gate(),
    shared: (create) => fault.shared('messages', create),
  };
}
