/** How a request ended that undici says has failed. By code, because the words differ from version to version. */
import type { ExchangeEnd } from '../../journal/observations.js';

const ENDS: Readonly<Record<string, ExchangeEnd>> = {
  ECONNREFUSED: 'connectFailed',
  EHOSTUNREACH: 'connectFailed',
  EADDRNOTAVAIL: 'connectFailed',
  EMFILE: 'connectFailed',
  ETIMEDOUT: 'connectFailed',
  UND_ERR_CONNECT_TIMEOUT: 'connectFailed',
  ECONNRESET: 'upstreamReset',
  EPIPE: 'upstreamReset',
  UND_ERR_SOCKET: 'upstreamClosed',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'malformedResponse',
  UND_ERR_HEADERS_OVERFLOW: 'malformedResponse',
};

/** `UND_ERR_SOCKET` is a connection that the other side closed in an orderly way; parser errors have codes of their own, from `HPE_`. */
export function exchangeEnd(error: NodeJS.ErrnoException): ExchangeEnd {
  const code = error.code ?? '';
  // The system gave up a connection that it had: what was sent may have arrived.
  if (code === 'ETIMEDOUT' && ['read', 'write'].includes(error.syscall ?? '')) return 'upstreamReset';
  return ENDS[code] ?? (code.startsWith('HPE_') ? 'malformedResponse' : 'upstreamClosed');
}
