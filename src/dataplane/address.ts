/**
 * Where to listen and where to dial: `host:port`, or `unix:/path` for a Unix-domain socket. An IPv6 host stands in brackets in the text and
 * without them in the parts; an empty host means any.
 */

export interface HostPort {
  host: string;
  port: number;
}

export interface SocketPath {
  path: string;
}

export type Address = HostPort | SocketPath;

const UNIX = 'unix:';
/** What fits into the kernel's address of a Unix-domain socket on every platform, the end of the text included. */
const PATH_BYTES_MAX = 103;

/** The parts of an address that `isAddress` has let through. */
export function parseAddress(text: string): Address {
  return text.startsWith(`${UNIX}/`) ? { path: text.slice(UNIX.length) } : parseHostPort(text);
}

export function parseHostPort(text: string): HostPort {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), port: Number(text.slice(colon + 1)) };
}

export function formatAddress(address: Address): string {
  if ('path' in address) return `${UNIX}${address.path}`;
  const { host, port } = address;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** What is wrong with an address; undefined: nothing. */
export function addressProblem(text: string): string | undefined {
  if (text.startsWith(UNIX)) return pathProblem(text.slice(UNIX.length));
  if (!/^(\[[0-9a-fA-F:.]+\]|[^:\s/]*):\d{1,5}$/.test(text)) return 'expected host:port, like 127.0.0.1:8080, or unix:/path';
  return parseHostPort(text).port > 65_535 ? 'expected a port up to 65535' : undefined;
}

function pathProblem(path: string): string | undefined {
  if (!path.startsWith('/') || path.endsWith('/') || path.includes('\0'))
    return 'expected an absolute path of a socket, like unix:/run/payments.sock';
  const byteCount = Buffer.byteLength(path);
  return byteCount > PATH_BYTES_MAX ? `expected a path of up to ${PATH_BYTES_MAX} bytes, found ${byteCount}` : undefined;
}
