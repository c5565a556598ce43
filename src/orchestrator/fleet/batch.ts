/**
 * A batch of observations on its way from an agent to the run: JSON lines, compressed, the first saying whose they are. One text for all ways of carrying it
 * and for an agent's disk. Observations are numbered from 1 in each stream, so whoever takes batches can tell what is missing and what he had before.
 */
import { promisify } from 'node:util';
import { gunzip, gzip, constants as zlib } from 'node:zlib';
import { z } from 'zod';
import { LabError, reasonOf } from '../../core/errors.js';
import { isMap } from '../../core/is-map.js';
import { readObservation, type ShippedObservation } from './read-observation.js';

/** Compressed; a batch of the most observations that a batch may have takes a fifth of it. */
export const BATCH_BYTES_MAX = 8 * 1024 * 1024;
export const BATCH_OBSERVATIONS_MAX = 5_000;
/** A few bytes that unfold to gigabytes are refused here. */
const TEXT_BYTES_MAX = 64 * 1024 * 1024;

/** Parts of a path and of a URL. */
const name = z.string().regex(/^[\w][\w.-]{0,119}$/, 'expected letters, digits, dots, dashes and underscores');

const headSchema = z.strictObject({
  format: z.literal(1),
  run: name,
  agent: name,
  /** One agent's observations of one run; another after the agent has been started anew. */
  stream: name,
  /** Counts batches from 1; names them where they wait. */
  batch: z.number().int().min(1),
  /** Number of the first observation here; of the next one, if there is none. */
  from: z.number().int().min(1),
  count: z.number().int().min(0).max(BATCH_OBSERVATIONS_MAX),
  /** Nothing follows. */
  isLast: z.boolean(),
});

export type BatchHead = z.output<typeof headSchema>;
export type StreamName = Pick<BatchHead, 'run' | 'agent' | 'stream'>;

export interface Batch {
  head: BatchHead;
  observations: readonly ShippedObservation[];
  /** Of `count`: lines that are no observations. */
  unreadable: number;
}

/** Little work for the host that is under test: compressing harder saves a tenth and takes three times as long. */
const LEVEL = zlib.Z_BEST_SPEED;

export async function packBatch(head: Omit<BatchHead, 'format' | 'count'>, observations: readonly ShippedObservation[]): Promise<Buffer> {
  const first: BatchHead = { format: 1, ...head, count: observations.length };
  const lines = [first, ...observations].map((line) => JSON.stringify(line));
  return promisify(gzip)(lines.join('\n'), { level: LEVEL });
}

/** Throws REQUEST_INVALID: bytes from the network or a folder may be anything. */
export async function unpackBatch(bytes: Buffer): Promise<Batch> {
  let text: string;
  try {
    text = (await promisify<Buffer, object, Buffer>(gunzip)(bytes, { maxOutputLength: TEXT_BYTES_MAX })).toString();
  } catch (error) {
    throw new LabError('REQUEST_INVALID', { problems: `a batch of observations cannot be unpacked: ${reasonOf(error)}` }, { cause: error });
  }
  const [first = '', ...lines] = text.split('\n');
  const head = headSchema.safeParse(parsed(first));
  if (!head.success) throw new LabError('REQUEST_INVALID', { problems: `a batch of observations: ${z.prettifyError(head.error)}` });
  const { count } = head.data;
  if (lines.length !== count)
    throw new LabError('REQUEST_INVALID', { problems: `a batch says that it has ${count} observations, and has ${lines.length}` });
  const observations = lines.flatMap((line) => readObservation(parsed(line)) ?? []);
  return { head: head.data, observations, unreadable: count - observations.length };
}

/** The place of a batch below a folder or a URL. */
export function pathOfBatch({ run, agent, stream }: StreamName, batch: number): string {
  return `${run}/${agent}/${stream}/${batch}.ndjson.gz`;
}

/** The same below the URL of a store; what stands behind its `?`, such as a signature, stays there. */
export function urlOfBatch(store: string, path: string): URL {
  const url = new URL(store);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${path}`;
  return url;
}

/** What may be said of an address: nothing of it that can be a secret. */
export function withoutSecrets(address: string): string {
  const { origin, pathname } = new URL(address);
  return origin + pathname;
}

function parsed(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isMap(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
