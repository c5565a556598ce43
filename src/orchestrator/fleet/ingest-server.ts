/**
 * Takes batches of observations from agents over HTTP. It listens where other hosts reach it, so it knows one path, one run and one token, and reads no more of a
 * request than a batch may have.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import type { Clock } from '../../core/clock.js';
import { LabError, reasonOf } from '../../core/errors.js';
import { BATCH_BYTES_MAX, type Batch, unpackBatch } from './batch.js';
import type { RoundTrip } from './clock-offset.js';

export const BATCHES_PATH = '/v1/batches';
/** The round trip that the agent measured last: `askedMs` and `heardMs` by its clock, the two between by ours. */
export const ROUND_TRIP_HEADER = 'x-faultlab-round-trip';

const TOKEN_BYTES = 24;
const REQUEST_WITHIN_MS = 15_000;

const roundTripSchema = z.strictObject({ askedMs: z.number(), seenMs: z.number(), toldMs: z.number(), heardMs: z.number() });

export interface IngestPorts {
  clock: Clock;
  /** Throws BOUND_REACHED where it is to come again later, REQUEST_INVALID where it never should. */
  take(batch: Batch): { next: number };
  /** One that the agent began: see `ClockOffset.addTheirs`. */
  onRoundTrip(agent: string, trip: RoundTrip): void;
  onError(error: unknown): void;
  /** One is made up if omitted. */
  token?: string;
}

export class IngestServer implements AsyncDisposable {
  /** Agents send it along. */
  readonly token: string;
  readonly #ports: IngestPorts;
  readonly #server: Server;

  constructor(ports: IngestPorts) {
    this.#ports = ports;
    this.token = ports.token ?? randomBytes(TOKEN_BYTES).toString('base64url');
    this.#server = createServer({ requestTimeout: REQUEST_WITHIN_MS }, (request, response) => void this.#respond(request, response));
  }

  /** Says at which port. Rejects with LISTEN_FAILED. */
  listen({ host, port = 0 }: { host: string; port?: number }): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error) => reject(new LabError('LISTEN_FAILED', { address: `${host}:${port}`, reason: reasonOf(error) })));
      this.#server.listen({ host, port }, () => resolve((this.#server.address() as AddressInfo).port));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const receivedMs = this.#ports.clock.nowMs();
    try {
      this.#admit(request);
      const batch = await unpackBatch(await bodyOf(request));
      const { next } = this.#ports.take(batch);
      this.#compareClocks(batch.head.agent, request);
      answer(response, 200, { next, receivedMs, answeredMs: this.#ports.clock.nowMs() });
    } catch (error) {
      if (!(error instanceof LabError)) this.#ports.onError(error);
      const { status, code } = error instanceof LabError ? error : { status: 500, code: 'INTERNAL' };
      // What was not read of the request would be taken for the next one.
      if (!request.complete) response.setHeader('connection', 'close');
      answer(response, status, { code, error: reasonOf(error) });
    }
  }

  /** Throws TOKEN_NEEDED or REQUEST_INVALID. */
  #admit({ method, url, headers }: IncomingMessage): void {
    const given = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
    if (!timingSafeEqual(digestOf(given), digestOf(this.token))) throw new LabError('TOKEN_NEEDED', {});
    if (method !== 'POST' || url !== BATCHES_PATH)
      throw new LabError('REQUEST_INVALID', { problems: `expected POST ${BATCHES_PATH}, found ${method} ${url}` });
  }

  #compareClocks(agent: string, { headers }: IncomingMessage): void {
    const text = headers[ROUND_TRIP_HEADER];
    if (typeof text !== 'string') return;
    const trip = roundTripSchema.safeParse(jsonOf(text));
    if (trip.success) this.#ports.onRoundTrip(agent, trip.data);
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > BATCH_BYTES_MAX) throw new LabError('REQUEST_INVALID', { problems: `a batch is larger than ${BATCH_BYTES_MAX} bytes` });
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
