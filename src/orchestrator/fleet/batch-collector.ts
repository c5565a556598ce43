/**
 * Collects batches from where agents have put them: a folder, or a store of objects. Each stream is read batch by batch, by number, so nothing has to be listed; what
 * is not there yet is asked for again.
 */
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { request } from 'undici';
import { type Clock, sleep } from '../../core/clock.js';
import { LabError } from '../../core/errors.js';
import { BATCH_BYTES_MAX, type Batch, pathOfBatch, type StreamName, unpackBatch, urlOfBatch, withoutSecrets } from './batch.js';

const LOOK_EVERY_MS = 500;
const ANSWER_WITHIN_MS = 10_000;

/** Undefined: it is not there yet. Rejects if nobody can tell, and with REQUEST_INVALID if it will never be one. */
export type FetchBatch = (path: string, signal: AbortSignal) => Promise<Buffer | undefined>;

export function fetchFromFolder(folder: string): FetchBatch {
  return async (path) => {
    const file = join(folder, path);
    try {
      if ((await stat(file)).size > BATCH_BYTES_MAX) throw tooLarge(file);
      return await readFile(file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  };
}

export function fetchFromStore({ url, token }: { url: string; token?: string | undefined }): FetchBatch {
  return async (path, signal) => {
    const target = urlOfBatch(url, path);
    const where = withoutSecrets(target.href);
    const within = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const { statusCode, body } = await request(target, { signal: within, headers });
    const pieces: Buffer[] = [];
    let length = 0;
    for await (const piece of body as AsyncIterable<Buffer>) {
      length += piece.length;
      if (length > BATCH_BYTES_MAX) throw tooLarge(where);
      pieces.push(piece);
    }
    if (statusCode === 404) return undefined;
    if (statusCode >= 300) throw new Error(`${where} answers ${statusCode}`);
    return Buffer.concat(pieces);
  };
}

function tooLarge(where: string): LabError {
  return new LabError('REQUEST_INVALID', { problems: `${where} is larger than a batch of observations: ${BATCH_BYTES_MAX} bytes` });
}

/** What one run's agents have put into a folder goes, once nobody wants it any more. */
export async function clearFolder(folder: string, run: string): Promise<void> {
  await rm(join(folder, run), { recursive: true, force: true });
}

export interface CollectorPorts {
  clock: Clock;
  fetch: FetchBatch;
  /** Those that agents have said they write, so far. */
  streams(): readonly StreamName[];
  /** As `IngestPorts.take`. */
  take(batch: Batch): unknown;
  /** Told of what could not be read or taken, each time; of a batch that never can, the next batch tells how much is missing. */
  onFailure(error: unknown): void;
}

export class BatchCollector implements AsyncDisposable {
  readonly #ports: CollectorPorts;
  readonly #stop = new AbortController();
  /** Place of a stream → number of the batch that comes next; Infinity behind the last. */
  readonly #next = new Map<string, number>();
  readonly #loop: Promise<void>;

  /** Begins at once. */
  constructor(ports: CollectorPorts) {
    this.#ports = ports;
    this.#loop = this.#run();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { clock, streams } = this.#ports;
    while (!this.#stop.signal.aborted) {
      await Promise.all(streams().map((stream) => this.#readOn(stream)));
      await sleep(clock, LOOK_EVERY_MS, this.#stop.signal).catch(() => {});
    }
  }

  /** All batches that are there. */
  async #readOn(stream: StreamName): Promise<void> {
    const place = pathOfBatch(stream, 0);
    while (!this.#stop.signal.aborted) {
      const number = this.#next.get(place) ?? 1;
      if (!Number.isFinite(number)) return;
      try {
        const bytes = await this.#ports.fetch(pathOfBatch(stream, number), this.#stop.signal);
        if (bytes === undefined) return;
        const batch = await unpackBatch(bytes);
        this.#ports.take(batch);
        this.#next.set(place, batch.head.isLast ? Number.POSITIVE_INFINITY : number + 1);
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        this.#ports.onFailure(error);
        if (!(error instanceof LabError && error.code === 'REQUEST_INVALID')) return;
        this.#next.set(place, number + 1);
      }
    }
  }
}
