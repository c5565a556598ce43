/**
 * etcd in the words that we use of it: keys that are read, written under conditions and watched, and leases under which they live. Every write is a
 * transaction, so that what it rests on is compared at the same revision.
 */
import { z } from 'zod';
import { grantAnswer, type KeyValue, keepAliveAnswer, rangeAnswer, timeToLiveAnswer, txnAnswer } from './answers.js';
import { encodeRange, type KeyRange, toBase64 } from './key-range.js';
import { type EtcdOptions, EtcdTransport } from './transport.js';
import { type WatchMessage, watchKeys } from './watch-keys.js';

/** Keys of one transaction: etcd's own default bound. */
export const TXN_OPS_MAX = 128;

/** `revision` 0 of `created`: there is no such key. */
export interface Condition {
  key: string;
  is: 'created' | 'modified';
  revision: number;
}

export type Op =
  | { op: 'put'; key: string; value: string; lease?: string | undefined }
  | ({ op: 'delete' } & KeyRange)
  | ({ op: 'read' } & KeyRange);

export interface TxnResult {
  /** Whether all conditions held, and so which of the two lists was carried out. */
  held: boolean;
  revision: number;
  /** What each `read` of that list found, in its order. */
  read: readonly (readonly KeyValue[])[];
}

export class EtcdClient implements AsyncDisposable {
  readonly #transport: EtcdTransport;

  constructor(options: EtcdOptions) {
    this.#transport = new EtcdTransport(options);
  }

  /** URLs without a path. */
  get endpoints(): readonly string[] {
    return this.#transport.endpoints;
  }

  /** What there is, in the order of the keys, and the revision at which it was so. Rejects like every method here: see `EtcdTransport.call`. */
  async read(range: KeyRange, { signal }: { signal?: AbortSignal } = {}): Promise<{ revision: number; entries: readonly KeyValue[] }> {
    const { header, kvs } = await this.#transport.call(rangeAnswer, { path: '/v3/kv/range', body: encodeRange(range), signal });
    return { revision: header.revision, entries: kvs };
  }

  /** All of `ops` if every condition holds, else all of `otherwise`. Rejects with LEASE_GONE where a lease that is written under is gone. */
  async txn(given: {
    conditions?: readonly Condition[];
    ops: readonly Op[];
    otherwise?: readonly Op[];
    signal?: AbortSignal;
  }): Promise<TxnResult> {
    const { conditions = [], ops, otherwise = [], signal } = given;
    const body = { compare: conditions.map(encodeCondition), success: ops.map(encodeOp), failure: otherwise.map(encodeOp) };
    const { header, succeeded, responses } = await this.#transport.call(txnAnswer, { path: '/v3/kv/txn', body, signal });
    return {
      held: succeeded,
      revision: header.revision,
      read: responses.flatMap(({ response_range }) => (response_range ? [response_range.kvs] : [])),
    };
  }

  /** Grants a lease of whole seconds, rounded up; etcd gives longer ones where its elections take longer. */
  async grant(leaseMs: number): Promise<{ lease: string; leaseMs: number }> {
    const { ID, TTL } = await this.#transport.call(grantAnswer, {
      path: '/v3/lease/grant',
      body: { TTL: String(Math.ceil(leaseMs / 1_000)) },
    });
    return { lease: ID, leaseMs: TTL * 1_000 };
  }

  /** Renews it once; 0: it is gone. `timeoutMs` bounds all attempts. */
  async keepAlive(lease: string, { timeoutMs, signal }: { timeoutMs?: number; signal?: AbortSignal } = {}): Promise<number> {
    const call = { path: '/v3/lease/keepalive', body: { ID: lease }, timeoutMs, signal };
    return Math.max(0, (await this.#transport.call(keepAliveAnswer, call)).result.TTL) * 1_000;
  }

  /** How long it lives on if nobody renews it, rounded down to whole seconds; undefined: it is gone. */
  async timeToLive(lease: string, { timeoutMs, signal }: { timeoutMs?: number; signal?: AbortSignal } = {}): Promise<number | undefined> {
    const call = { path: '/v3/lease/timetolive', body: { ID: lease }, timeoutMs, signal };
    const { TTL } = await this.#transport.call(timeToLiveAnswer, call);
    return TTL < 0 ? undefined : TTL * 1_000;
  }

  /** Ends a lease and deletes all that is written under it; one that is gone is no error. */
  async revoke(lease: string): Promise<void> {
    await this.#transport.call(z.unknown(), { path: '/v3/lease/revoke', body: { ID: lease } }).catch((error: { code?: string }) => {
      if (error.code !== 'LEASE_GONE') throw error;
    });
  }

  /** See `watchKeys`. */
  watch(given: { range: KeyRange; fromRevision: number; signal: AbortSignal }): AsyncGenerator<WatchMessage> {
    return watchKeys(this.#transport, given);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#transport[Symbol.asyncDispose]();
  }
}

function encodeCondition({ key, is, revision }: Condition): Record<string, unknown> {
  const target =
    is === 'created' ? { target: 'CREATE', create_revision: String(revision) } : { target: 'MOD', mod_revision: String(revision) };
  return { key: toBase64(key), result: 'EQUAL', ...target };
}

function encodeOp(op: Op): Record<string, unknown> {
  switch (op.op) {
    case 'put':
      return { request_put: { key: toBase64(op.key), value: toBase64(op.value), ...(op.lease !== undefined && { lease: op.lease }) } };
    case 'delete':
      return { request_delete_range: encodeRange(op) };
    case 'read':
      return { request_range: encodeRange(op) };
  }
}
