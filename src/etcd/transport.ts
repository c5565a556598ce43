/**
 * Requests to etcd's JSON gateway: whichever endpoint answers, over TLS, with a token that is renewed when it is refused. What a reader gets wrong:
 * a call that found nobody may have been carried out all the same, so whoever asks for something that must happen once compares a revision.
 */
import { Agent, request } from 'undici';
import type { z } from 'zod';
import { type Clock, sleep } from '../core/clock.js';
import { LabError, reasonOf } from '../core/errors.js';
import { errorAnswer, tokenAnswer } from './answers.js';

/** Of one endpoint; a member without a leader holds a call for longer. */
const ATTEMPT_TIMEOUT_MS = 2_000;
/** Of all endpoints together: an election takes a second or two. */
const CALL_TIMEOUT_MS = 8_000;
/** Between two rounds over the endpoints. */
const PAUSE_MS = 100;
/** Beyond it an answer is refused; ten thousand agents with all that is known of them take less. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;

/** Codes of gRPC by which a member says that another one, or a later moment, may do better. */
const PASSING: ReadonlySet<number> = new Set([1, 4, 14]);
const NOT_FOUND = 5;

export interface EtcdOptions {
  clock: Clock;
  /** URLs without a path, like `https://10.0.0.1:2379`. */
  endpoints: readonly string[];
  user?: { name: string; password: string } | undefined;
  /** PEM texts. Undefined: the system's authorities, and no certificate of one's own. */
  tls?: { ca?: string | undefined; cert?: string | undefined; key?: string | undefined } | undefined;
}

interface Call {
  path: string;
  body: unknown;
  signal?: AbortSignal | undefined;
  /** Of all attempts together. */
  timeoutMs?: number | undefined;
}

/** Another endpoint, or another try, may do better. */
class Passing extends Error {}

export class EtcdTransport implements AsyncDisposable {
  readonly clock: Clock;
  readonly #options: EtcdOptions;
  readonly #agent: Agent;
  /** Index of the endpoint that answered last. */
  #preferred = 0;
  #token: Promise<string> | undefined;

  constructor(options: EtcdOptions) {
    this.clock = options.clock;
    this.#options = { ...options, endpoints: options.endpoints.map((endpoint) => endpoint.replace(/\/+$/, '')) };
    const { ca, cert, key } = options.tls ?? {};
    this.#agent = new Agent({ connect: { timeout: ATTEMPT_TIMEOUT_MS, ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) } });
  }

  /** Rejects with ETCD_UNREACHABLE, ETCD_REFUSED, LEASE_GONE, or the signal's reason. */
  async call<T>(schema: z.ZodType<T>, { path, body, signal, timeoutMs = CALL_TIMEOUT_MS }: Call): Promise<T> {
    const text = JSON.stringify(body);
    const answer = await this.#somewhere(timeoutMs, signal, async (endpoint) => {
      const within = AbortSignal.any([AbortSignal.timeout(ATTEMPT_TIMEOUT_MS), ...(signal ? [signal] : [])]);
      return this.#read(await this.#post(endpoint, { path, text, signal: within }));
    });
    const parsed = schema.safeParse(answer);
    if (parsed.success) return parsed.data;
    throw new LabError('ETCD_REFUSED', { endpoint: this.#endpoint, path, reason: 'the answer is not one of etcd’s' });
  }

  /** The pieces of an answer that does not end. Rejects as `call` does; ends, or throws, when the connection does. */
  open({ path, body, signal }: Call & { signal: AbortSignal }): Promise<AsyncIterable<Buffer>> {
    return this.#somewhere(CALL_TIMEOUT_MS, signal, (endpoint) => this.#post(endpoint, { path, text: JSON.stringify(body), signal }));
  }

  /** The next call asks for a new one. */
  forgetToken(): void {
    this.#token = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.destroy();
  }

  /** URLs without a path. */
  get endpoints(): readonly string[] {
    return this.#options.endpoints;
  }

  get #endpoint(): string {
    return this.#options.endpoints[this.#preferred] ?? '';
  }

  /** Asks the endpoint that answered last, then the others in turn, until one answers or the time is over. */
  async #somewhere<T>(timeoutMs: number, signal: AbortSignal | undefined, ask: (endpoint: string) => Promise<T>): Promise<T> {
    const { clock, endpoints } = this.#options;
    const giveUpMs = clock.nowMs() + timeoutMs;
    for (let tries = 1; ; tries++) {
      signal?.throwIfAborted();
      try {
        return await ask(this.#endpoint);
      } catch (error) {
        if (error instanceof LabError) throw error;
        signal?.throwIfAborted();
        if (clock.nowMs() >= giveUpMs) {
          throw new LabError('ETCD_UNREACHABLE', { endpoints: endpoints.join(', '), reason: reasonOf(error) }, { cause: error });
        }
        this.#preferred = (this.#preferred + 1) % endpoints.length;
        if (tries % endpoints.length === 0) await sleep(clock, PAUSE_MS, signal);
      }
    }
  }

  /** Rejects with what etcd refuses; anything else that is thrown is passing. */
  async #post(endpoint: string, given: { path: string; text: string; signal: AbortSignal }): Promise<AsyncIterable<Buffer>> {
    const used = await this.#tokenOf(endpoint);
    try {
      return await this.#postOnce(endpoint, { ...given, token: used });
    } catch (error) {
      if (!(error instanceof TokenRefused)) throw error;
      // Tokens end by themselves, and with the member that gave them: one more try with a new one.
      this.forgetToken();
      return this.#postOnce(endpoint, { ...given, token: await this.#tokenOf(endpoint) }).catch((again: unknown) => {
        throw again instanceof TokenRefused ? new LabError('ETCD_REFUSED', { endpoint, path: given.path, reason: again.message }) : again;
      });
    }
  }

  async #postOnce(
    endpoint: string,
    { path, text, signal, token }: { path: string; text: string; signal: AbortSignal; token: string | undefined },
  ): Promise<AsyncIterable<Buffer>> {
    const { statusCode, body } = await request(endpoint + path, {
      method: 'POST',
      body: text,
      signal,
      dispatcher: this.#agent,
      bodyTimeout: 0,
      headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: token }) },
    });
    if (statusCode < 300) return body as AsyncIterable<Buffer>;
    throw refusalOf(statusCode, { endpoint, path, text: (await bytesOf(body as AsyncIterable<Buffer>)).toString() });
  }

  async #read(body: AsyncIterable<Buffer>): Promise<unknown> {
    const text = (await bytesOf(body)).toString();
    try {
      return JSON.parse(text);
    } catch {
      throw new Passing(`the answer is no JSON: ${text.slice(0, 100)}`);
    }
  }

  #tokenOf(endpoint: string): Promise<string | undefined> {
    const { user } = this.#options;
    if (user === undefined) return Promise.resolve(undefined);
    this.#token ??= this.#authenticate(endpoint, user).catch((error: unknown) => {
      this.forgetToken();
      throw error;
    });
    return this.#token;
  }

  async #authenticate(endpoint: string, user: { name: string; password: string }): Promise<string> {
    const signal = AbortSignal.timeout(ATTEMPT_TIMEOUT_MS);
    const path = '/v3/auth/authenticate';
    const body = await this.#postOnce(endpoint, { path, text: JSON.stringify(user), signal, token: undefined });
    const { success, data } = tokenAnswer.safeParse(await this.#read(body));
    if (!success) throw new LabError('ETCD_REFUSED', { endpoint, path, reason: 'it gave no token' });
    return data.token;
  }
}

class TokenRefused extends Error {}

/** Of an answer that is none of etcd's. */
const WORDS_MAX = 80;

/** What an answer that is no success means for the caller. */
function refusalOf(status: number, { endpoint, path, text }: { endpoint: string; path: string; text: string }): Error {
  const parsed = errorAnswer.safeParse(jsonOf(text));
  const { code, error } = parsed.success ? parsed.data : { code: 0, error: '' };
  const reason =
    error || `it answers with status ${status}, and not as etcd does: ${text.replaceAll(/\s+/g, ' ').trim().slice(0, WORDS_MAX)}`;
  if (status === 401) return new TokenRefused(reason);
  if (PASSING.has(code) || (code === 0 && status >= 500)) return new Passing(reason);
  if (code === NOT_FOUND && reason.includes('lease')) return new LabError('LEASE_GONE', { holder: path });
  return new LabError('ETCD_REFUSED', { endpoint, path, reason });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Rejects beyond `ANSWER_BYTES_MAX`. */
async function bytesOf(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of body) {
    length += piece.length;
    if (length > ANSWER_BYTES_MAX) throw new Passing(`the answer is larger than ${ANSWER_BYTES_MAX} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
