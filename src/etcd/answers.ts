/** What etcd's JSON gateway answers, checked. Numbers of 64 bits come as text; revisions fit into a number of ours for ever, ids of leases do not and stay text. */
import { z } from 'zod';
import { fromBase64 } from './key-range.js';

/** The gateway leaves out what is zero. */
const revision = z.coerce.number().int().min(0).default(0);

const header = z.object({ revision });

const keyValue = z
  .object({
    key: z.string(),
    value: z.string().default(''),
    create_revision: revision,
    mod_revision: revision,
    lease: z.string().optional(),
  })
  .transform(({ key, value, create_revision, mod_revision, lease }): KeyValue => {
    return { key: fromBase64(key), value: fromBase64(value), createRevision: create_revision, modRevision: mod_revision, lease };
  });

export interface KeyValue {
  key: string;
  value: string;
  /** Of the write that made it: larger than that of anything made before, so it is a fencing number. */
  createRevision: number;
  /** Of the newest write. */
  modRevision: number;
  /** Under which it lives; undefined: until it is deleted. */
  lease: string | undefined;
}

export const rangeAnswer = z.object({ header, kvs: z.array(keyValue).default([]) });

export const txnAnswer = z.object({
  header,
  succeeded: z.boolean().default(false),
  responses: z.array(z.object({ response_range: z.object({ kvs: z.array(keyValue).default([]) }).optional() })).default([]),
});

/** Seconds; none, or less than one, where the lease is gone. */
const seconds = z.coerce.number().default(0);

export const grantAnswer = z.object({ ID: z.string(), TTL: seconds });
export const keepAliveAnswer = z.object({ result: z.object({ TTL: seconds }) });
export const timeToLiveAnswer = z.object({ TTL: seconds });
export const tokenAnswer = z.object({ token: z.string() });
export const errorAnswer = z.object({ code: z.number().default(0), error: z.string().default('') });

/** One line of a watch. */
export const watchAnswer = z.object({
  result: z.object({
    header,
    created: z.boolean().default(false),
    canceled: z.boolean().default(false),
    cancel_reason: z.string().default(''),
    compact_revision: revision,
    events: z.array(z.object({ type: z.enum(['PUT', 'DELETE']).default('PUT'), kv: keyValue })).default([]),
  }),
});
