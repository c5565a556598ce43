/** `host:port` and its parts. An IPv6 host stands in brackets in the text and without them in the parts; an empty host means any. */

export interface Address {
  host: string;
  port: number;
}

/** The parts of an address that the schema of a proxy has let through. */
export function parseAddress(text: string): Address {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), port: Number(text.slice(colon + 1)) };
}

export function formatAddress({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
