/** What of gRPC can be seen from outside: which requests are calls, and the status that a call ended with. Its messages stay bytes. */
import type { HeaderBlock } from './header-block.js';

/** Status of a call that could not be carried out because nobody was there to do it. */
export const GRPC_UNAVAILABLE = 14;

const CODES_MAX = 16;

export function isGrpc(contentType: string | undefined): boolean {
  return contentType !== undefined && /^application\/grpc(?:[+;]|$)/i.test(contentType);
}

/** From trailers, or from a head that is all of the answer. Undefined: it tells none. */
export function grpcStatusOf(block: HeaderBlock): number | undefined {
  const text = block.first('grpc-status');
  return text !== undefined && /^\d{1,2}$/.test(text) && Number(text) <= CODES_MAX ? Number(text) : undefined;
}

/** A head that is all of an answer, and ends a call with that status. */
export function grpcHeaders(status: number, message: string): Record<string, string> {
  return {
    'content-type': 'application/grpc',
    'grpc-status': String(status),
    ...(message !== '' && { 'grpc-message': percentEncoded(message) }),
  };
}

/** Printable ASCII but the percent sign stands for itself, all else for its bytes in UTF-8. */
function percentEncoded(message: string): string {
  const encode = (bytes: string): string =>
    Array.from(Buffer.from(bytes), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
  return message.replace(/[^\x20-\x24\x26-\x7e]+/g, encode);
}
