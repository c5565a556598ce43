/** What of gRPC can be seen and said from outside: which requests are calls, and the status that a call ended with. Its messages stay bytes. */
import { z } from 'zod';

/** Codes by name, as every implementation knows them. */
export const GRPC_CODES = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;
type GrpcName = keyof typeof GRPC_CODES;

const NAMES = Object.keys(GRPC_CODES) as [GrpcName, ...GrpcName[]];
const CODE_MAX = NAMES.length - 1;

/** A code, or its name. */
export const grpcStatus = z
  .union([z.int().min(0).max(CODE_MAX), z.enum(NAMES)], { error: `expected a gRPC code, 0…${CODE_MAX}, or its name, like UNAVAILABLE` })
  .transform((given) => (typeof given === 'number' ? given : GRPC_CODES[given]));

export function isGrpc(contentType: string | undefined): boolean {
  return contentType !== undefined && /^application\/grpc(?:[+;]|$)/i.test(contentType);
}

/** The code in a `grpc-status`. Undefined: it tells none. */
export function grpcStatusOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,2}$/.test(text) && Number(text) <= CODE_MAX ? Number(text) : undefined;
}

/** The fields of a head that is all of an answer, and ends a call with that status. */
export function grpcHeaders(status: number, message: string): Record<string, string> {
  const headers = { 'content-type': 'application/grpc', 'grpc-status': String(status) };
  return message === '' ? headers : { ...headers, 'grpc-message': percentEncoded(message) };
}

/** Printable ASCII but the percent sign stands for itself, all else for its bytes in UTF-8. */
function percentEncoded(message: string): string {
  const encode = (text: string): string =>
    Array.from(Buffer.from(text), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
  return message.replace(/[^\x20-\x24\x26-\x7e]+/g, encode);
}
