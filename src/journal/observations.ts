/**
 * What crossed the wire, as it was seen. A link records an `exchange` per HTTP request and a `connection` per TCP connection; the load
 * generator records its own requests as exchanges of the link `load->…`, so demand and attempts are compared in one shape and on one
 * clock. All times are monotonic milliseconds of the machine.
 */

/** How an exchange came to its end. `complete` says the answer was whole, whatever its status. */
export type ExchangeEnd =
  | 'complete'
  | 'tunnel' // upgraded or CONNECTed; what followed was opaque
  | 'clientClosed' // FIN from the caller before the answer was whole
  | 'clientReset'
  | 'upstreamClosed'
  | 'upstreamReset'
  | 'connectFailed' // the upstream refused or did not answer the dial
  | 'handshakeFailed' // the upstream answered, but TLS with it was not agreed on
  | 'faultReset' // a fault cut the connection
  | 'malformedRequest' // ambiguous framing: refused, never passed on
  | 'malformedResponse'
  | 'timeout' // the load generator gave up waiting, or nobody waits for the answer to a copy any more
  | 'killed' // somebody cut the connection by hand
  | 'proxyClosed';

/** `link`: the proxy itself, for reasons of its own or of the wire; `fault`: a fault that the plan put there. */
export type EndedBy = 'caller' | 'callee' | 'link' | 'fault';

/** By what: a whole answer, a FIN, a RST, a reset of the one stream (`resetCode` says with which code), waiting no longer, or a failed dial. */
export type EndedHow = 'answer' | 'fin' | 'rst' | 'streamReset' | 'timeout' | 'handshake' | 'unreachable';

/** A TLS handshake that came to nothing. */
export interface FailedHandshake {
  /** With whom it was. */
  with: 'client' | 'upstream';
  /** `proxy`: what the other side said was not acceptable. */
  endedBy: 'client' | 'upstream' | 'proxy';
  /** Node's or OpenSSL's code, or a sentence. */
  reason: string;
}

/** What was wrong first with an answer that something was expected of; `met` if nothing was. */
export type AnswerJudgement = 'met' | 'noAnswer' | 'wrongStatus' | 'wrongBody' | 'late';

export interface Exchange {
  kind: 'exchange';
  /** `from->to`; both are instances, or `load` for the generator. */
  link: string;
  from: string;
  to: string;
  /** Counts from 1 on each link. */
  connection: number;
  /** Counts from 1 on each connection. */
  ordinal: number;
  method: string;
  /** As on the wire, query included, cut at 512 characters. */
  path: string;
  /** The load scenario that sent it; on a link, the first of its `observe.routes` that the path fits. */
  route?: string;
  /** What the load thinks of the answer, where it expects something of it. */
  expectation?: AnswerJudgement;
  /** The load knows it for one, by its own marker. */
  isStandIn?: true;
  /** A fault has sent it once more, on a connection of its own; the caller did not, and hears nothing of it. */
  isCopy?: true;
  /** Correlation token that the caller sent (`x-request-id`, else the trace id of `traceparent`). */
  token?: string;
  /** Header → what the caller sent: `idempotency-key`, and what the link's `observe.headers` names. Cut at 200 characters. */
  tokens?: Readonly<Record<string, string>>;
  /** Header → what the caller got with the answer, of those that `observe.answerHeaders` names. Cut at 200 characters. */
  answerTokens?: Readonly<Record<string, string>>;
  /** First byte of the request; for the load generator the *intended* start, so a late start counts as waiting. */
  startMs: number;
  requestEndMs?: number;
  /** First byte of the final response. */
  responseStartMs?: number;
  endMs: number;
  status?: number;
  /** What a gRPC call ended with, as its caller was told; 0 is OK. */
  grpcStatus?: number;
  end: ExchangeEnd;
  /** Left out where the callee ended it with a whole answer, and in journals of before there was this; `endingOf` reads both. */
  endedBy?: EndedBy;
  endedHow?: EndedHow;
  /** That with the callee. */
  handshake?: FailedHandshake;
  /** HTTP/2: the error code with which the stream was reset; `end` tells by whom. */
  resetCode?: number;
  /** Heads, bodies and framing; on HTTP/2 the bodies alone. */
  bytesUp: number;
  bytesDown: number;
  /** Faults whose match included this exchange; `applied` is the part of them that did something to it. */
  matched?: readonly string[];
  applied?: readonly string[];
  /** The others of them, and those that could not see whether it matches. */
  skipped?: readonly SkippedFault[];
}

/**
 * Why a fault that was on did nothing. `share`: its place is outside of the percentage; `count`: `nth`, `every` or `first` did not mean it; `room`: as
 * many were hit as `maxActive` allows; `moot`: another fault took the message's place; `impossible`: it cannot be done to such a message, or would change
 * nothing of it; `gone`: the fault ended before; `unread`: its condition is on a body that could not be read.
 */
export type SkipReason = 'share' | 'count' | 'room' | 'moot' | 'impossible' | 'gone' | 'unread';

export interface SkippedFault {
  fault: string;
  why: SkipReason;
}

export interface Connection {
  kind: 'connection';
  link: string;
  from: string;
  to: string;
  connection: number;
  startMs: number;
  endMs: number;
  end:
    | 'closed'
    | 'clientReset'
    | 'upstreamReset'
    | 'connectFailed'
    | 'handshakeFailed'
    | 'faultReset' // a fault cut it
    | 'faultClosed' // a fault ended it, in order
    | 'killed'
    | 'proxyClosed';
  bytesUp: number;
  bytesDown: number;
  handshake?: FailedHandshake;
  matched?: readonly string[];
  applied?: readonly string[];
  skipped?: readonly SkippedFault[];
}

/** How a fault ended. `expired`: the lease ran out; `duration`: its absolute cap did; `healed`: somebody asked. */
export const FAULT_ENDS = ['healed', 'expired', 'duration', 'halted'] as const;
export type FaultEnd = (typeof FAULT_ENDS)[number];

export function isFaultEnd(change: string): change is FaultEnd {
  return (FAULT_ENDS as readonly string[]).includes(change);
}

/** A fault's life as its daemon saw it. `turned`: its pulse or ramp came to another level; `changed`: somebody gave it other figures. */
export interface FaultChange {
  kind: 'fault';
  fault: string;
  run: string;
  change: 'applied' | 'turned' | 'changed' | FaultEnd;
  atMs: number;
  /** What it is and where, when it is applied: type of the catalog, names of proxies. Left out where the data plane does not tell. */
  performs?: string;
  proxies?: readonly string[];
  /** From then on. False while its pulse has it off; left out where the data plane does not tell. */
  isOn?: boolean;
  /** The share that it hits from then on, 0…100. */
  percentage?: number;
  /** So many turns, of whatever faults, went untold since the last that was told. */
  untold?: number;
  /** What is counted below, where that is not requests or connections. */
  counted?: 'processes';
  matched: number;
  appliedCount: number;
  skipped: number;
  /** Chosen while as many were hit as may be at a time. */
  overflow?: number;
  /** Not counted above: requests whose body the fault was to look into and could not. */
  unread?: number;
  /** No plan has it: somebody put it on beside the run. */
  byHand?: ByHand;
}

/** Whose a fault is that no plan has, and what has to be known of it, since no plan says so. */
export interface ByHand {
  by: string;
  /** A member of the catalog of faults. */
  performs: string;
  /** Links, or instances where it is on processes. */
  on: readonly string[];
}

/**
 * What a person said into a run while it went on: a note, what became of a gate that waited for somebody, or a fault that is to begin or to end.
 * The run does that where the daemon cannot: on processes, and on links that hosts of a fleet carry.
 */
export type PersonWord = { run: string; by: string; atMs: number } & (
  | { kind: 'note'; text: string }
  /** `inputs`: what a system that people play with is to be begun again with. */
  | { kind: 'gate'; gate: string; decision: GateDecision; inputs?: GateInputs }
  /** `on`: links, or instances where it is on processes; `spec`: all that was said of it, as the data plane takes it. */
  | { kind: 'beginByHand'; fault: string; performs: string; on: readonly string[]; spec: Readonly<Record<string, unknown>> }
  /** `expired`: nobody has renewed it. */
  | { kind: 'endByHand'; fault: string; reason: 'healed' | 'expired' }
);
export type GateDecision = 'approved' | 'refused';
/** Input → value, as text. */
export type GateInputs = Readonly<Record<string, string>>;

export type Observation = Exchange | Connection | FaultChange | PersonWord;

/** The link of the load generator's own requests. */
export const LOAD = 'load';

/** Name of the link from one instance to another; also the name of the proxy that carries it. */
export function linkName(from: string, to: string): string {
  return `${from}->${to}`;
}

/** Statuses of gRPC that are the server's fault: UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, DATA_LOSS. */
const GRPC_SERVER_ERRORS: ReadonlySet<number> = new Set([2, 4, 12, 13, 14, 15]);

type Answered = Pick<Exchange, 'end'> & { [K in 'status' | 'grpcStatus']?: Exchange[K] | undefined };

/** An answer a caller would take for an answer: whole, and no server error. */
export function isSuccess({ end, status, grpcStatus }: Answered): boolean {
  if (grpcStatus !== undefined && GRPC_SERVER_ERRORS.has(grpcStatus)) return false;
  return end === 'complete' && status !== undefined && status < 500;
}
