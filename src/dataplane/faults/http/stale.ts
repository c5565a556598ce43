/**
 * Stale reads: a GET is answered with what the callee said to the same request before, as a replica that lags or a cache that was never told would.
 * The fault keeps the first answer that it meets for a key and stays with it, so it knows only answers to requests that it hits. Two requests are the
 * same if target, host, callee and the headers that choose an answer are; nobody is ever given another's answer. `Date` is the present one.
 */
import { z } from 'zod';
import { duration, size } from '../../../core/units.js';
import { ownText } from '../../http/own-text.js';
import { AnswerStore, type KeptAnswer } from '../answer-store.js';
import { BodyCopies, type BodyCopy } from '../body-copies.js';
import { defineHttpFault, type HttpFaultContext, type RequestHead, type ResponseHead, type TcpTransform } from '../fault.js';
import { isFramingField } from '../head-fields.js';

const ANSWERS_MAX = 10_000;
/** Who asks, and what for: an answer is good for a request with the same values only. */
const CHOOSING = ['host', 'authorization', 'cookie', 'accept', 'accept-encoding', 'accept-language', 'range'];
/** Those that a cache may keep without being told so (RFC 9110 §15.1), without partial and empty ones. */
const KEPT_STATUSES = new Set([200, 203, 300, 301, 308, 404, 405, 410, 414, 501]);
/** They belong to one delivery, not to what is delivered. */
const PASSING_FIELDS = new Set(['set-cookie', 'date', 'age']);

function keyOf(request: RequestHead, to: string): string {
  return JSON.stringify([to, request.target, ...CHOOSING.map((name) => request.header(name) ?? null)]);
}

/** Fields of one name are one field with commas between its values (RFC 9110 §5.3). They keep nothing of the head that they come from. */
function keptHeaders(response: ResponseHead): Record<string, string> {
  const kept = new Map<string, string>();
  for (const [written, value] of response.fields()) {
    const name = written.toLowerCase();
    if (isFramingField(name) || PASSING_FIELDS.has(name)) continue;
    const before = kept.get(name);
    kept.set(ownText(name), ownText(before === undefined ? value : `${before}, ${value}`));
  }
  return Object.fromEntries(kept);
}

/** Passes a body on and hands over a copy of it when it has come to its end. */
function copying(copy: BodyCopy, copied: (body: Buffer) => void): TcpTransform {
  return (signal, effects) => {
    if (signal.kind !== 'data' && signal.kind !== 'end') return;
    if (signal.kind === 'data') copy.add(signal.bytes);
    const body = signal.kind === 'end' ? copy.take() : undefined;
    if (body !== undefined) copied(body);
    effects.pass();
  };
}

/** Whether a body that has ended has all the bytes that were announced: a callee that dies ends it too. Without a length nobody can tell. */
function isWhole(body: Buffer, response: ResponseHead): boolean {
  const length = response.header('content-length');
  return length === undefined || Number(length) === body.length;
}

function answerWith({ status, headers, body }: KeptAnswer, date: string | undefined) {
  return { kind: 'reply', status, headers: { ...headers, ...(date !== undefined && { date }) }, body } as const;
}

export const stale = defineHttpFault({
  name: 'stale',
  summary: 'Answer GET requests with what the callee said to the same request before, as a lagging replica does.',
  schema: z.strictObject({
    age: duration()
      .default(0)
      .meta({ description: 'how old an answer is at least when it is given again, like 30s; until then the true one passes' }),
    renewAfter: duration({ minMs: 1 })
      .optional()
      .meta({ description: 'an answer so old gives way to the present one, like 5m; kept as long as the fault is there if omitted' }),
    bodyMax: size()
      .default(1024 * 1024)
      .meta({ description: 'answers with a larger body are not kept, like 1MiB' }),
    storeMax: size()
      .refine((bytes) => bytes <= 1024 ** 3, 'expected at most 1GiB')
      .default(16 * 1024 * 1024)
      .meta({ description: 'all that is kept, at most 1GiB, and as much again of what is being copied; beyond it the oldest go' }),
  }),
  example: { age: '10s' },
  defaultDirection: 'down',
  phases: ['down'],
  order: 30,
  decide: ({ age: ageMs, renewAfter: renewAfterMs = Number.POSITIVE_INFINITY, bodyMax, storeMax }, context: HttpFaultContext) => {
    const { request, response, to, nowMs } = context;
    if (response === undefined || request.method !== 'GET') return { kind: 'continue' };
    const { answers, copies } = context.shared(() => ({
      answers: new AnswerStore({ answersMax: ANSWERS_MAX, bytesMax: storeMax }),
      copies: new BodyCopies({ bytesMax: storeMax }),
    }));
    const key = keyOf(request, to);
    const found = answers.get(key);
    const kept = found !== undefined && nowMs - found.keptMs < renewAfterMs ? found : undefined;
    if (kept !== undefined) return nowMs - kept.keptMs < ageMs ? { kind: 'continue' } : answerWith(kept, response.header('date'));
    if (!KEPT_STATUSES.has(response.status)) return { kind: 'continue' };
    const keep = (body: Buffer): void => {
      if (!isWhole(body, response)) return;
      // Of two that were asked for at the same time, the first to be whole is kept.
      if (answers.get(key) === found) answers.keep(key, { status: response.status, headers: keptHeaders(response), body, keptMs: nowMs });
    };
    return {
      kind: 'edit',
      onlyReads: true,
      body: { kind: 'stream', length: 'same', open: () => copying(copies.start({ bytesMax: bodyMax }), keep) },
    };
  },
});
