/**
 * Clocks that disagree: what carries a time says another one, as if it came from a machine whose clock is `ahead` or `behind`. Dates in headers, and
 * the times of tokens in JSON bodies. What a reader gets wrong: a signed token (a JWT) keeps the times inside it, because a changed one would fail
 * on its signature and never get as far as its time; only the times that stand beside it are moved.
 */
import { z } from 'zod';
import { duration } from '../../../core/units.js';
import { defineHttpFault, type HttpFaultContext } from '../fault.js';
import { fieldName } from '../head-fields.js';
import { bodyMaxSchema, jsonBodyEdit } from '../json-body.js';
import { replaceMembers } from '../json-text.js';
import { movedNumber, movedText } from '../moved-time.js';

const HEADERS = ['date', 'last-modified', 'expires', 'retry-after', 'sunset', 'if-modified-since', 'if-unmodified-since', 'if-range'];
const FIELDS = [
  'exp',
  'iat',
  'nbf',
  'auth_time',
  'expires_in',
  'expires_at',
  'expires_on',
  'issued_at',
  'not_before',
  'refresh_expires_in',
  'expires',
  'expiresIn',
  'expiresAt',
  'expiresOn',
  'issuedAt',
  'notBefore',
];
const CENTURY_MS = 100 * 365 * 24 * 3_600e3;

const skew = () => duration({ minMs: 1_000, maxMs: CENTURY_MS });

export const dateSkew = defineHttpFault({
  name: 'dateSkew',
  summary: 'Move dates in headers, and token times in JSON bodies, `ahead` or `behind`, as if the sender’s clock were wrong.',
  schema: z
    .strictObject({
      ahead: skew().optional().meta({ description: 'how far the clock is ahead, like 5m; whole seconds' }),
      behind: skew().optional().meta({ description: 'how far it is behind, like 48h; whole seconds' }),
      headers: z.array(fieldName).max(50).default(HEADERS).meta({ description: 'headers whose dates are moved (HTTP dates and ISO 8601)' }),
      fields: z
        .array(z.string())
        .max(100)
        .default(FIELDS)
        .meta({ description: 'members of JSON bodies, at any depth: dates, seconds or milliseconds since 1970, or seconds from now' }),
      bodyMax: bodyMaxSchema,
    })
    .refine(({ ahead, behind }) => (ahead === undefined) !== (behind === undefined), 'expected either `ahead` or `behind`'),
  example: { ahead: '5m' },
  defaultDirection: 'down',
  order: 40,
  decide: ({ ahead: aheadMs = 0, behind: behindMs = 0, headers, fields, bodyMax }, { request, response }: HttpFaultContext) => {
    const skewS = Math.round((aheadMs - behindMs) / 1_000);
    const message = response ?? request;
    const moved = headers.flatMap((name): [string, string][] => {
      const text = movedText(message.header(name.toLowerCase()) ?? '', skewS);
      return text === undefined ? [] : [[name.toLowerCase(), text]];
    });
    const names = new Set(fields);
    const replace = (name: string, value: string | number): string | number | undefined => {
      if (!names.has(name)) return undefined;
      return typeof value === 'string' ? movedText(value, skewS) : movedNumber(value, skewS);
    };
    const rewrite = (text: string): string | undefined => replaceMembers(text, replace);
    const body = names.size === 0 ? undefined : jsonBodyEdit(message, { bytesMax: bodyMax, rewrite });
    return { kind: 'edit', head: { set: Object.fromEntries(moved) }, ...(body && { body }) };
  },
});
