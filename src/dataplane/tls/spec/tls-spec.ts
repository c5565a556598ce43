/**
 * TLS at the two ends of a proxy, as a person writes it: `terminate` decrypts what callers send, `originate` encrypts what the callee gets. A proxy with
 * neither passes TLS through without looking; a proxy with both reads what is inside.
 */
import net from 'node:net';
import { z } from 'zod';
import { isHostName } from './host-name.js';

/** A chain of certificates with all their decoration is far smaller. */
const MATERIAL_CHARS_MAX = 256 * 1024;

export const PEM_START = '-----BEGIN ';

const material = (what: string) =>
  z
    .string()
    .min(1)
    .max(MATERIAL_CHARS_MAX)
    .meta({ description: `${what}: a PEM file where the daemon runs, or PEM text` });

const hostName = z
  .string()
  .refine((name) => net.isIP(name) !== 0 || isHostName(name), 'expected a host name or an IP address, like payments.test');

interface Pair {
  certificate?: string | undefined;
  key?: string | undefined;
}
const isPair = ({ certificate, key }: Pair): boolean => (certificate === undefined) === (key === undefined);
const PAIR_PROBLEM = 'expected both `certificate` and `key`, or neither';

const terminateSchema = z
  .strictObject({
    certificate: material('shown to callers, in place of one that the lab CA signs for the name they ask for').optional(),
    key: material('private key of `certificate`').optional(),
    names: z
      .array(hostName)
      .max(100)
      .default([])
      .meta({ description: 'what the lab CA signs for callers that ask for no name, besides localhost and the address listened on' }),
  })
  .refine(isPair, PAIR_PROBLEM);

const originateSchema = z
  .strictObject({
    ca: material('who may have signed the callee’s certificate; the CAs that Node knows if omitted').optional(),
    serverName: hostName
      .optional()
      .meta({ description: 'asked for, and looked for in the certificate; the host of `upstream` if omitted' }),
    verify: z
      .enum(['full', 'none'])
      .default('full')
      .meta({ description: 'full: the certificate must be good and for that name; none: whoever answers is believed' }),
    certificate: material('shown to the callee, if it asks who calls (mTLS)').optional(),
    key: material('private key of `certificate`').optional(),
  })
  .refine(isPair, PAIR_PROBLEM);

/** Of a short form and a full one, the full one has something to say about what is wrong with an object. */
const fullForm =
  (expected: string) =>
  (issue: z.core.$ZodRawIssue): string => {
    const problems = issue.code === 'invalid_union' && typeof issue.input === 'object' ? (issue.errors.at(-1) ?? []) : [];
    return problems.map(({ path, message }) => [...path, message].join(': ')).join('; ') || expected;
  };

const inFull = z.strictObject({
  terminate: z
    .union([z.literal(true).transform(() => terminateSchema.parse({})), terminateSchema], { error: fullForm('expected true or {…}') })
    .optional(),
  originate: z
    .union([z.literal(true).transform(() => originateSchema.parse({})), originateSchema], { error: fullForm('expected true or {…}') })
    .optional(),
  alpn: z.array(z.string().min(1).max(255)).min(1).max(16).optional().meta({
    description: 'protocols that are agreed on with callers, best first, and offered to the callee; http/1.1 for http if omitted',
  }),
});

const inShort = z.enum(['terminate', 'originate', 'both']).transform((ends) =>
  inFull.parse({
    ...(ends !== 'originate' && { terminate: true }),
    ...(ends !== 'terminate' && { originate: true }),
  }),
);

export const tlsSchema = z
  .union([inShort, inFull], { error: fullForm('expected terminate, originate, both, or an object with these') })
  .refine(({ terminate, originate }) => terminate !== undefined || originate !== undefined, 'expected `terminate`, `originate` or both')
  .meta({ description: '`terminate`, `originate` or `both`, or in full: {terminate: {…}, originate: {…}, alpn: […]}' });

export type TlsSpecInput = z.input<typeof tlsSchema>;
export type TlsSpec = z.output<typeof tlsSchema>;
export type TerminateSpec = NonNullable<TlsSpec['terminate']>;
export type OriginateSpec = NonNullable<TlsSpec['originate']>;
