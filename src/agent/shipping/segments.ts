/**
 * What an agent has observed and not yet handed over, on its disk: a folder of batches, numbered, each a file as it will be sent. Bounded: what there is no room
 * for is not written, and because observations are numbered, whoever takes the next batch knows how many are missing.
 */
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type BatchHead, packBatch, pathOfBatch, type StreamName } from '../../orchestrator/fleet/batch.js';
import type { ShippedObservation } from '../../orchestrator/fleet/read-observation.js';

/** Some ten hours at 200 requests a second. */
export const SEGMENT_BYTES_MAX = 512 * 1024 * 1024;

export interface Segment extends StreamName {
  batch: number;
  bytes: Buffer;
}

export interface SegmentOptions {
  folder: string;
  stream: StreamName;
  bytesMax?: number | undefined;
}

export class Segments {
  readonly #folder: string;
  readonly #stream: StreamName;
  readonly #bytesMax: number;
  /** Those on disk, oldest first, with their sizes. */
  readonly #waiting = new Map<number, number>();
  #heldBytes = 0;
  #batch = 0;
  #next = 1;
  #dropped = 0;

  private constructor(given: { folder: string; stream: StreamName; bytesMax: number }) {
    this.#folder = given.folder;
    this.#stream = given.stream;
    this.#bytesMax = given.bytesMax;
  }

  /** Below `folder`. What is there of the stream already is handed over first; a new one begins with nothing. */
  static async open({ folder, stream, bytesMax = SEGMENT_BYTES_MAX }: SegmentOptions): Promise<Segments> {
    const segments = new Segments({ folder, stream, bytesMax });
    const own = dirname(join(folder, pathOfBatch(stream, 1)));
    await mkdir(own, { recursive: true });
    const batches = (await readdir(own)).flatMap((name) => (/^\d+\.ndjson\.gz$/.test(name) ? [Number.parseInt(name, 10)] : []));
    for (const batch of batches.sort((a, b) => a - b)) segments.#hold(batch, (await stat(segments.#fileOf(batch))).size);
    return segments;
  }

  /** Streams of a run that an agent of before has left below `folder`. */
  static async left(folder: string, { run, agent }: Omit<StreamName, 'stream'>): Promise<readonly StreamName[]> {
    const streams = await readdir(join(folder, run, agent)).catch(() => []);
    return streams.toSorted((a, b) => a.localeCompare(b)).map((stream) => ({ run, agent, stream }));
  }

  get stream(): StreamName {
    return this.#stream;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Observations there was no room for, or that were skipped. */
  get dropped(): number {
    return this.#dropped;
  }

  /** So many went by unseen: they count as the next ones, and as lost. */
  skip(count: number): void {
    this.#next += count;
    this.#dropped += count;
  }

  /** False: there was no room, and they are counted. The last batch always has room. */
  async add(observations: readonly ShippedObservation[], { isLast = false }: { isLast?: boolean } = {}): Promise<boolean> {
    const head: Omit<BatchHead, 'format' | 'count'> = { ...this.#stream, batch: this.#batch + 1, from: this.#next, isLast };
    this.#next += observations.length;
    const bytes = await packBatch(head, observations);
    const hasRoom = this.#heldBytes + bytes.length <= this.#bytesMax;
    if (hasRoom) await this.#write(head.batch, bytes);
    else {
      this.#dropped += observations.length;
      if (isLast) await this.#write(head.batch, await packBatch({ ...head, from: this.#next }, []));
    }
    return hasRoom;
  }

  /** The oldest; undefined if all have been handed over. */
  async oldest(): Promise<Segment | undefined> {
    const [batch] = this.#waiting.keys();
    return batch === undefined ? undefined : { ...this.#stream, batch, bytes: await readFile(this.#fileOf(batch)) };
  }

  /** Once it has been acknowledged. */
  async remove(batch: number): Promise<void> {
    this.#heldBytes -= this.#waiting.get(batch) ?? 0;
    this.#waiting.delete(batch);
    await rm(this.#fileOf(batch), { force: true });
  }

  /** With all that was not handed over. */
  async removeAll(): Promise<void> {
    this.#waiting.clear();
    this.#heldBytes = 0;
    await rm(dirname(this.#fileOf(1)), { recursive: true, force: true });
  }

  async #write(batch: number, bytes: Buffer): Promise<void> {
    // A batch that an agent died over is not taken for one.
    const file = this.#fileOf(batch);
    await writeFile(`${file}.part`, bytes);
    await rename(`${file}.part`, file);
    this.#hold(batch, bytes.length);
  }

  #hold(batch: number, byteCount: number): void {
    this.#batch = batch;
    this.#waiting.set(batch, byteCount);
    this.#heldBytes += byteCount;
  }

  #fileOf(batch: number): string {
    return join(this.#folder, pathOfBatch(this.#stream, batch));
  }
}
