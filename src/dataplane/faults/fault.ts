/**
 * The shapes of a fault. A fault only decides; it owns no timer, socket or loop. A TCP fault maps a signal to effects, an HTTP fault
 * looks at a head and returns a decision, a TLS fault says how a handshake goes. Those on a topology are made of these (topology-fault.ts).
 */
import type { z } from 'zod';
import type { Definition } from '../../core/catalog.js';
import type { Gate } from './gate.js';
import type { Harm } from './harm.js';

/** `up` is caller → callee, `down` is callee → caller. */
export type Direction = 'up' | 'down' | 'both';
export type FlowDirection = Exclude<Direction, 'both'>;

// ---------------------------------------------------------------------------------------------------------------- tcp

/**
 * `open` travels only up: the upstream is dialled when it arrives at the end of the pipeline. `broken` is the source's RST, which may come in
 * the place of an `end` or after it. `tick` is what `tickIn` asked for, and `removed` says that the fault goes while the connection lives;
 * neither of these two travels.
 */
export type TcpSignal =
  | { kind: 'open' }
  | { kind: 'data'; bytes: Buffer }
  | { kind: 'end' }
  | { kind: 'broken' }
  | { kind: 'tick' }
  | { kind: 'removed' };

/**
 * What a TCP fault may do with the signal in hand. The pipeline keeps the order of bytes whatever the delays say: nothing
 * overtakes, and a delay of Infinity holds the signal, and all after it, until the fault is removed. Doing nothing drops the signal.
 */
export interface TcpEffects {
  /** When the signal came, on the monotonic clock. */
  readonly nowMs: number;
  /** What this fault holds on this connection, in bytes. */
  readonly heldBytes: number;
  /** Lets the signal go on, `delayMs` from now or later. */
  pass(delayMs?: number): void;
  /** Lets these bytes go on in place of the signal's own. */
  passBytes(bytes: Buffer, delayMs?: number): void;
  /** Half-closes this direction after what is held before it. */
  end(delayMs?: number): void;
  /** Lets the first `byteCount` held bytes go at once, whenever they were due, and with them what stands before and right behind them. */
  release(byteCount: number): void;
  /** Ends the whole connection, with a FIN to both sides, after what is held before it in this direction. */
  close(delayMs?: number): void;
  /** Cuts the connection on both sides with a RST, now; what is held is lost. */
  reset(): void;
  /** Asks for a `tick` signal; a later call replaces an earlier one, and removal cancels it. */
  tickIn(delayMs: number): void;
}

export interface TcpFaultContext {
  direction: FlowDirection;
  /** Draws in [0, 1), keyed by fault and connection. */
  random: () => number;
  /** False for a connection that existed when the fault was added: its `open` has been and gone. */
  isNew: boolean;
  /** Kept for this direction of the connection while the fault's parameters are changed: counts that must survive that. */
  memory: Record<string, number>;
  /** When the fault was added, on the monotonic clock. */
  sinceMs: number;
  /** The state that all connections of the proxy share under this fault, in this direction. Made by the first that asks. */
  shared<T>(create: () => T): T;
}

/** Called for each signal of one direction of one connection, in order. State lives in its closure. */
export type TcpTransform = (signal: TcpSignal, effects: TcpEffects) => void;

export interface TcpFault<S extends z.ZodType = z.ZodType> extends Definition {
  readonly protocol: 'tcp';
  readonly schema: S;
  readonly example: z.input<S>;
  /** The direction it acts on when the plan names none. */
  readonly defaultDirection: Direction;
  /** True if it may change or drop stream bytes; the conformance suite demands a prefix of the input from all others. */
  readonly alters: boolean;
  /** True if it wants a `tick` at once on connections that exist when it is added. */
  readonly actsAtOnce: boolean;
  /** True if it wants the `removed` signal. */
  readonly actsOnRemoval?: true;
  /** True if what it holds is under way on a long path rather than queued before a narrow place: then far more of it may be held. */
  readonly isPath?: true;
  /**
   * How newcomers find the port of a TCP proxy while it hits all of them: `shut`, the kernel refuses them; `mute`, the kernel does not answer. Those
   * who get in nevertheless (it hits only some, the protocol is HTTP, the port cannot be kept) are up to `open`.
   */
  door?(params: z.output<S>): 'shut' | 'mute' | undefined;
  /** The HTTP fault that does the like to requests, for the message about a `match` on this one. */
  readonly forRequests?: string;
  /** Of each connection that it hits; undefined where that is not sure. */
  harm?(params: z.output<S>): Harm | undefined;
  open(params: z.output<S>, context: TcpFaultContext): TcpTransform;
}

/** One of those that a compound is made of, with its own parameters and direction. */
export interface TcpFaultPart {
  readonly definition: TcpFault;
  readonly params: unknown;
  readonly direction: Direction;
}

/** A TCP fault that is made of others: one name, one decision and one count for all of them. */
export interface CompoundFault<S extends z.ZodType = z.ZodType> extends Definition {
  readonly protocol: 'tcp';
  readonly schema: S;
  readonly example: z.input<S>;
  /** Parts act only in the directions that the plan names; this one if it names none. */
  readonly defaultDirection: Direction;
  readonly alters: boolean;
  /** In the order in which the stream meets them; in each direction a definition occurs once at most. */
  parts(params: z.output<S>): readonly TcpFaultPart[];
}

// --------------------------------------------------------------------------------------------------------------- http

/** Of `2` no framing is known to faults, and its pseudo fields are in the other members; `host` is what `:authority` said. */
export type HttpVersion = '1.0' | '1.1' | '2';

export interface RequestHead {
  readonly method: string;
  /** As on the wire: origin-form, absolute-form, authority-form or `*`. */
  readonly target: string;
  /** Without the query, if that is known already. */
  readonly path?: string;
  readonly version: HttpVersion;
  /** First value of a header, or undefined. The name is lower-case. */
  header(name: string): string | undefined;
}
export interface ResponseHead {
  readonly status: number;
  readonly version: HttpVersion;
  header(name: string): string | undefined;
  /** All header fields in their order, names as they came; those of the framing too. */
  fields(): readonly (readonly [name: string, value: string])[];
}

/** How a head is to go on. What is not named stays as it came, byte for byte; fields that decide the framing are not for a fault to name. */
export interface HeadEdit {
  /** Requests only. */
  method?: string;
  /** Requests only; as on the wire. */
  target?: string;
  /** Responses only, 200…599. */
  status?: number;
  /** Lower-case name → value: takes the place of every header of that name, or is added. */
  set?: Readonly<Record<string, string>>;
  /** Lower-case names. */
  remove?: readonly string[];
}

/**
 * Where the edited body ends. `same`: the head promises what it did. A number is the new Content-Length. `unknown`: chunked, or until the
 * connection ends for HTTP/1.0. `raw`: the head says chunked, the fault writes every byte behind it, and the connection ends there; a
 * message that may not come in chunks is left alone. Whatever was promised, `close` ends the connection behind what has come by then.
 * Trailers need chunks: without them they are dropped, and the field that announces them with them.
 */
export type BodyLength = 'same' | 'unknown' | 'raw' | number;

/**
 * What becomes of a body. A `stream` is a transform like that of a TCP fault, over the body's own bytes without their chunk framing: it sees `data`,
 * `end`, `tick` and `removed`; beyond `heldBytesMax` held by it (by default the link's bound) the sender is paused. A `whole` waits for the body, and
 * the head with it; one larger than `bytesMax` passes unchanged, and so does one for which `rewrite` answers undefined.
 * Wholes come before streams, whatever their order. An edit that cannot be made, or changes nothing, leaves the message as it came, and counts as
 * skipped.
 */
export type BodyEdit =
  | { kind: 'stream'; length: BodyLength; open(): TcpTransform; heldBytesMax?: number }
  | { kind: 'whole'; bytesMax: number; rewrite(body: Buffer): { head?: HeadEdit; body: Buffer } | undefined };

export type HttpDecision =
  /** The fault leaves this message as it is: it counts as skipped. */
  | { kind: 'continue' }
  /** Hold this head, and what follows it on the connection, for so long. */
  | { kind: 'delay'; delayMs: number }
  /** Hold it until the gate opens, and `lagMs` (0) longer, but no longer than `limitMs` (Infinity: until the fault is removed). */
  | { kind: 'hold'; gate: Gate; limitMs: number; lagMs?: number }
  /** Goes on; `over` is called once when its exchange is over, answered or not. */
  | { kind: 'watch'; over(): void }
  /** Request phase: the callee gets it `copies` times more, `delayMs` after the first, on connections of their own; their answers are dropped. */
  | { kind: 'duplicate'; copies: number; delayMs: number }
  /**
   * Goes on changed. Several edits of one message follow one another. `trailers` is for HTTP/2. `onlyReads`: it goes on as it came, and the fault has
   * looked into it for a later one; it counts as skipped. So does one of which `wasFelt` says, when the exchange is over, that nothing came of it.
   */
  | { kind: 'edit'; head?: HeadEdit; body?: BodyEdit; trailers?: 'drop'; onlyReads?: true; wasFelt?: () => boolean }
  /** Answer in the callee's place. In the request phase the callee never sees the request; in the response phase it has done its work. */
  | { kind: 'reply'; status: number; headers: Readonly<Record<string, string>>; body: string | Buffer }
  /** Bytes in place of an answer, whatever they are, and then the end of the caller's connection. */
  | { kind: 'raw'; bytes: Buffer; ending: 'close' | 'reset' }
  /** Response phase: the callee has done its work and the caller is not told. `hang`: until one of them gives up. */
  | { kind: 'lose'; ending: 'hang' | 'close' | 'reset' }
  /** Cut the caller's connection, and the callee's, with a RST. On HTTP/2 only the stream is reset, with this code. */
  | { kind: 'reset'; code?: number }
  /**
   * HTTP/2 only: tell the caller to open no further stream here. `lastStream` says up to where it may believe to have been heard: this message, which
   * then goes on; the one before, so that this one is dropped; or none at all.
   */
  | { kind: 'goaway'; code: number; lastStream: 'this' | 'before' | 'none'; debugData: string };

export interface HttpFault<S extends z.ZodType = z.ZodType> extends Definition {
  readonly protocol: 'http';
  readonly schema: S;
  readonly example: z.input<S>;
  /** The phase it acts in when the plan names none: `up` looks at requests, `down` at responses. */
  readonly defaultDirection: FlowDirection;
  /** The phases that it can act in, if not both. */
  readonly phases?: readonly FlowDirection[];
  /** The protocol of a link that it needs, if it does not exist in all of HTTP. */
  readonly only?: 'http' | 'http2';
  /** What about these parameters makes no sense in this direction, as half a sentence that says what would; undefined if they do. */
  misfit?(params: z.output<S>, direction: Direction): string | undefined;
  /** Place among the faults of one message, lowest first: abort 10, delay 20, replace 30, patch 40. A `reply`, `raw`, `lose` or `reset` ends the walk. */
  readonly order: number;
  /** True if it holds messages that somebody can let go. */
  readonly isReleasable?: true;
  /** Of each request that it hits; undefined where that is not sure. */
  harm?(params: z.output<S>): Harm | undefined;
  decide(params: z.output<S>, context: HttpFaultContext): HttpDecision;
}
export interface HttpFaultContext {
  request: RequestHead;
  /** Present in the response phase. */
  response?: ResponseHead;
  /** Draws in [0, 1), keyed by fault and message. */
  random: () => number;
  /** On the monotonic clock. */
  nowMs: number;
  /** Who calls whom: instances, and the caller's address where somebody asks for it (none on a Unix-domain socket). */
  from: string;
  to: string;
  source(): string | undefined;
  /** A gate of this fault: opened when somebody releases the fault, and when it ends. */
  gate(): Gate;
  /** The state that all messages share under this fault's present parameters. Made by the first that asks. */
  shared<T>(create: () => T): T;
}

// ---------------------------------------------------------------------------------------------------------------- tls

/** In what a certificate differs from the one that the caller expects. */
export interface CertificateFlaw {
  /** It ended so long ago. */
  expiredForMs?: number;
  /** It is made out for this name in place of the one that was asked for. */
  name?: string;
  /** It was signed with its own key, or by an authority that nobody knows, in place of the lab's. */
  issuer?: 'self' | 'stranger';
}

/** What becomes of the handshake of a new connection with its caller; several decisions on one are carried out together. */
export type TlsDecision =
  /** Answer nothing for so long (Infinity: until the fault is removed), and then as if nothing had been. */
  | { kind: 'hold'; delayMs: number }
  /** Show a certificate with this flaw. */
  | { kind: 'present'; flaw: CertificateFlaw }
  /** Cut the connection with a RST once its first bytes have come. */
  | { kind: 'reset' };

/** A TLS fault looks at connections before they carry anything, on links that terminate TLS: with whom the handshake is, is the caller. */
export interface TlsFault<S extends z.ZodType = z.ZodType> extends Definition {
  readonly protocol: 'tls';
  readonly schema: S;
  readonly example: z.input<S>;
  readonly defaultDirection: 'up';
  decide(params: z.output<S>): TlsDecision;
}

/** A fault that can be on a link. */
export type LinkFault = TcpFault | CompoundFault | HttpFault | TlsFault;

/** Keeps the schema's type for `open`; the erased form is what the catalog holds. */
export function defineTcpFault<S extends z.ZodType>(fault: Omit<TcpFault<S>, 'protocol'>): TcpFault<S> {
  return { protocol: 'tcp', ...fault };
}
export function defineCompoundFault<S extends z.ZodType>(fault: Omit<CompoundFault<S>, 'protocol'>): CompoundFault<S> {
  return { protocol: 'tcp', ...fault };
}
export function defineHttpFault<S extends z.ZodType>(fault: Omit<HttpFault<S>, 'protocol'>): HttpFault<S> {
  return { protocol: 'http', ...fault };
}
export function defineTlsFault<S extends z.ZodType>(fault: Omit<TlsFault<S>, 'protocol' | 'defaultDirection'>): TlsFault<S> {
  return { protocol: 'tls', defaultDirection: 'up', ...fault };
}
