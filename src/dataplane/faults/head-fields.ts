/**
 * Header fields as a plan may write them. What decides where a message ends is not for a plan to write: it is ours, so that no fault can make a
 * message that hangs its reader or that two readers take for different things.
 */
import { z } from 'zod';

/** Lower-case. Fields of the framing and of the connection, which belong to one hop and not to the message. */
const FRAMING_FIELDS: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Whether a field of that name, in lower case, belongs to the framing. */
export function isFramingField(name: string): boolean {
  return FRAMING_FIELDS.has(name);
}

export const fieldName = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'expected a header name')
  .refine((name) => !isFramingField(name.toLowerCase()), 'this header belongs to the framing, which faultlab writes itself');

export const fieldValue = z
  .string()
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'expected a header value without line breaks or control characters');

/** Name → value. */
export const fieldsSchema = z.record(fieldName, fieldValue);

/** The same with names in lower case, as a `HeadEdit` has them; of two that differ in case only the last counts. */
export function lowerCased<T>(fields: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]));
}

/** Statuses whose answers have no body: they cannot take the place of one that may have a body. */
const BODILESS = new Set([204, 205, 304]);

/** A status that a callee's own answer can be given, whatever its body. */
export const bodyStatus = z
  .int()
  .min(200)
  .max(599)
  .refine((status) => !BODILESS.has(status), 'an answer with this status has no body, but the callee’s may have one: use `abort` for it');
