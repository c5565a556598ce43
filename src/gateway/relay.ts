/**
 * http-proxy 1.18.1, made safe. As it comes it leaks upstream sockets when a caller leaves, crashes on a refused upgrade, lets a chunked DELETE
 * smuggle a second request and rewrites paths; every cure here has a regression test. What a reader would get wrong: http-proxy shows its
 * outgoing request only once that has a socket, and by then the head may be frozen. So the body is held back until the cures were applied.
 */
import assert from 'node:assert';
import { Agent, type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { PassThrough } from 'node:stream';
import httpProxy from 'http-proxy';
import type { Clock } from '../core/clock.js';
import { reasonOf } from '../core/errors.js';
import { keepPath, keepRequestHead, passEarlyHints, passTrailers, stripHopByHop } from './relay-cures.js';

/** How a relayed request went, as far as the host behind it is concerned. */
export type RelayOutcome =
  | { kind: 'answered'; status: number }
  /** The answer broke off; the caller's connection was cut, too. */
  | { kind: 'cut' }
  /** No byte of an answer: refused, reset. Nothing was sent to the caller yet. */
  | { kind: 'failed'; reason: string }
  /** No answer within `answerMsMax`. Nothing was sent to the caller yet. */
  | { kind: 'timedOut' }
  /** The caller left first: says nothing about the host. */
  | { kind: 'callerLeft' };

/** The host closed an idle connection just as we used it. Nobody's error, and safe to repeat on a new one. */
type AttemptOutcome = RelayOutcome | { kind: 'stale' };

export interface RelayHost {
  readonly host: string;
  readonly port: number;
}

export interface RelayTarget extends RelayHost {
  /** Time until the head of the answer, in ms; left out: for ever. */
  readonly answerMsMax?: number;
  /** Sees the body of the answer as it passes, in the order in which it came; nothing waits for it. */
  readonly watch?: (bytes: Buffer) => void;
}

/** What an attempt wants to hear from http-proxy. */
interface Attempt {
  begin(upstream: ClientRequest): void;
  answer(answer: IncomingMessage): void;
}

export interface RelayOptions {
  /** Whether a connection to a host serves more than one request. If it does, one that the host has closed meanwhile is replaced unseen. */
  reuse: boolean;
  /** Connections to one host; beyond it requests wait in the agent, inside their `answerMsMax`. */
  socketsMax: number;
}

export class Relay implements Disposable {
  readonly #clock: Clock;
  readonly #pooled: Agent | undefined;
  readonly #fresh: Agent;
  readonly #proxy = httpProxy.createProxyServer({ preserveHeaderKeyCase: true, toProxy: true });
  readonly #attempts = new WeakMap<IncomingMessage, Attempt>();
  /** Sockets on which an answer to their upgrade has begun. */
  readonly #answered = new WeakSet<Duplex>();

  constructor(clock: Clock, { reuse, socketsMax: maxSockets }: RelayOptions) {
    this.#clock = clock;
    this.#pooled = reuse ? new Agent({ keepAlive: true, maxSockets }) : undefined;
    this.#fresh = new Agent({ keepAlive: false, maxSockets });
    this.#proxy.on('proxyReq', (upstream, request) => this.#attempts.get(request)?.begin(upstream));
    this.#proxy.on('proxyRes', (answer, request) => this.#attempts.get(request)?.answer(answer));
    this.#proxy.on('proxyReqWs', (upstream, request, socket) => this.#prepareUpgrade(upstream, request, socket));
  }

  /** Relays one request. Writes the answer where there is one; on `failed` and `timedOut` the caller still waits for ours. Never rejects. */
  async forward(request: IncomingMessage, response: ServerResponse, target: RelayTarget): Promise<RelayOutcome> {
    // http-proxy does not announce a request that expects `100 Continue`, and node has sent that line already.
    delete request.headers['expect'];
    const dueMs = this.#clock.nowMs() + (target.answerMsMax ?? Number.POSITIVE_INFINITY);
    const first = await this.#attempt({ request, response, target, dueMs, agent: this.#pooled ?? this.#fresh });
    if (first.kind !== 'stale') return first;
    const second = await this.#attempt({ request, response, target, dueMs, agent: this.#fresh });
    return second.kind === 'stale' ? { kind: 'failed', reason: 'reset' } : second;
  }

  /** Relays an upgrade to WebSocket and the tunnel that follows, on a connection of its own. http-proxy closes any other kind. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, { host, port }: RelayHost): void {
    // Without a listener an error on this socket ends the process; http-proxy adds one only when the upgrade is accepted.
    socket.on('error', () => socket.destroy());
    const refuse = (): void => {
      // Once the tunnel is open its errors come here as well, and then these words would be taken for its contents.
      if (socket.writable && !this.#answered.has(socket))
        socket.write('HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
    };
    this.#proxy.ws(request, socket, head, { target: { host, port, protocol: 'http:' } }, refuse);
  }

  /** Closes every connection to the hosts. */
  [Symbol.dispose](): void {
    this.#pooled?.destroy();
    this.#fresh.destroy();
  }

  #prepareUpgrade(outgoing: ClientRequest, request: IncomingMessage, socket: Duplex): void {
    keepPath(outgoing, request);
    const callerLeft = (): void => {
      outgoing.destroy();
    };
    const answered = (): void => {
      this.#answered.add(socket);
    };
    socket.once('close', callerLeft);
    outgoing.once('response', answered).once('upgrade', () => {
      answered();
      // From here on http-proxy's own pipes end one side with the other, last bytes included.
      socket.off('close', callerLeft);
    });
  }

  #attempt({ request, response, target, dueMs, agent }: AttemptInput): Promise<AttemptOutcome> {
    return new Promise((resolve) => {
      const body = new PassThrough();
      let upstream: ClientRequest | undefined;
      let answer: IncomingMessage | undefined;
      let settled = false;
      const remainingMs = dueMs - this.#clock.nowMs();
      const timer = Number.isFinite(remainingMs) ? this.#clock.after(remainingMs, () => settle({ kind: 'timedOut' })) : undefined;

      const settle = (outcome: AttemptOutcome): void => {
        if (settled) return;
        settled = true;
        timer?.cancel();
        response.off('close', callerLeft);
        resolve(outcome);
        if (outcome.kind === 'answered') return;
        request.unpipe(body);
        body.destroy();
        upstream?.destroy();
        // A body that stopped half-way must look like one: anything else would be read as its rest.
        if (answer !== undefined) response.destroy();
      };
      const callerLeft = (): void => settle({ kind: 'callerLeft' });
      response.once('close', callerLeft);

      this.#attempts.set(request, {
        begin: (outgoing) => {
          upstream = outgoing;
          // Settled while it waited for a socket: the caller has left, or the time was up.
          if (settled) outgoing.destroy();
          else prepare(outgoing, request, response, body);
        },
        answer: (incoming) => {
          if (settled) return;
          answer = incoming;
          timer?.cancel();
          stripHopByHop(incoming);
          passTrailers(incoming, response);
          if (target.watch !== undefined) incoming.on('data', target.watch);
          incoming.once('end', () => settle({ kind: 'answered', status: incoming.statusCode ?? 0 }));
          incoming.once('close', () => settle({ kind: 'cut' }));
        },
      });
      const { host, port } = target;
      // The connection is ours to keep or to close, whatever the caller wants with his.
      const headers = { connection: agent === this.#pooled ? 'keep-alive' : 'close' };
      this.#proxy.web(request, response, { target: { host, port, protocol: 'http:' }, agent, headers, buffer: body }, (error) => {
        if (answer !== undefined) settle({ kind: 'cut' });
        else settle(isStale(error, request, upstream) ? { kind: 'stale' } : { kind: 'failed', reason: reasonOf(error) });
      });
    });
  }
}

interface AttemptInput {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: RelayTarget;
  readonly dueMs: number;
  readonly agent: Agent;
}

/** Everything that has to be done to a request before its first byte leaves; then lets the body through. */
function prepare(outgoing: ClientRequest, request: IncomingMessage, response: ServerResponse, body: PassThrough): void {
  assert(!outgoing.headersSent, 'the head of a relayed request left before it was cured');
  keepPath(outgoing, request);
  keepRequestHead(outgoing, request);
  outgoing.on('information', (information) => passEarlyHints(information, response));
  request.pipe(body);
}

const STALE_CODES: ReadonlySet<string | undefined> = new Set(['ECONNRESET', 'EPIPE']);

/** A reused connection that ended before a byte of the answer, under a request that may be repeated and whose body is not spent. */
function isStale(error: NodeJS.ErrnoException, request: IncomingMessage, upstream: ClientRequest | undefined): boolean {
  const repeatable = request.method === 'GET' || request.method === 'HEAD';
  const bodiless = request.headers['transfer-encoding'] === undefined && Number(request.headers['content-length'] ?? 0) === 0;
  return repeatable && bodiless && upstream?.reusedSocket === true && STALE_CODES.has(error.code);
}
