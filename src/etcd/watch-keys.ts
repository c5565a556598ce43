/**
 * What is written to keys, told as it happens. The watch resumes by itself behind the revision that it told last, so nothing is told twice and nothing left
 * out; where etcd has thrown away what is between, it says so and ends, and the reader has to read the keys anew. A watch that hears nothing may be cut
 * off: who must know asks besides.
 */
import { sleep } from '../core/clock.js';
import { LabError } from '../core/errors.js';
import { type KeyValue, watchAnswer } from './answers.js';
import { encodeRange, type KeyRange } from './key-range.js';
import { linesOf } from './lines-of.js';
import type { EtcdTransport } from './transport.js';

/** Between the end of a connection and the next. */
const RESUME_AFTER_MS = 200;
/** One message: at most what etcd takes in one request, for every change that it had put together. */
const MESSAGE_BYTES_MAX = 64 * 1024 * 1024;

/** A deleted key has no value any more. */
export type KeyEvent = { kind: 'put'; entry: KeyValue } | { kind: 'deleted'; key: string; modRevision: number };

export type WatchMessage =
  /** Changes of one revision, or of several in a row, in their order. */
  | { kind: 'changes'; revision: number; events: readonly KeyEvent[] }
  /** What was between the last message and this revision cannot be had any more; nothing follows. */
  | { kind: 'compacted'; revision: number };

/** Ends when the signal aborts. Throws ETCD_REFUSED where watching is not allowed; an etcd that is away is waited for. */
export async function* watchKeys(
  transport: EtcdTransport,
  { range, fromRevision, signal }: { range: KeyRange; fromRevision: number; signal: AbortSignal },
): AsyncGenerator<WatchMessage> {
  let next = fromRevision;
  /** In a row: the first may be about a token that has ended meanwhile. */
  let refusals = 0;
  while (!signal.aborted) {
    try {
      for await (const message of oneConnection(transport, { range, fromRevision: next, signal })) {
        refusals = 0;
        if (message.kind === 'changes') next = message.revision + 1;
        yield message;
        if (message.kind === 'compacted') return;
      }
    } catch (error) {
      refusals = isRefusal(error) ? refusals + 1 : 0;
      if (refusals > 1) throw error;
      if (refusals > 0) transport.forgetToken();
    }
    await sleep(transport.clock, RESUME_AFTER_MS, signal).catch(() => {});
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof LabError && error.code === 'ETCD_REFUSED';
}

/** Ends, or throws, with the connection. */
async function* oneConnection(
  transport: EtcdTransport,
  { range, fromRevision, signal }: { range: KeyRange; fromRevision: number; signal: AbortSignal },
): AsyncGenerator<WatchMessage> {
  const body = { create_request: { ...encodeRange(range), start_revision: String(fromRevision) } };
  for await (const line of linesOf(await transport.open({ path: '/v3/watch', body, signal }), MESSAGE_BYTES_MAX)) {
    const parsed = watchAnswer.safeParse(JSON.parse(line));
    if (!parsed.success) return;
    const { header, events, canceled, compact_revision, cancel_reason } = parsed.data.result;
    if (compact_revision > 0) yield { kind: 'compacted', revision: compact_revision };
    else if (canceled) throw new LabError('ETCD_REFUSED', { endpoint: 'the watch', path: range.key, reason: cancel_reason });
    else if (events.length > 0) yield { kind: 'changes', revision: header.revision, events: events.map(keyEventOf) };
  }
}

function keyEventOf({ type, kv }: { type: 'PUT' | 'DELETE'; kv: KeyValue }): KeyEvent {
  return type === 'PUT' ? { kind: 'put', entry: kv } : { kind: 'deleted', key: kv.key, modRevision: kv.modRevision };
}
