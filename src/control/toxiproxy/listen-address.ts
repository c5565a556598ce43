/**
 * Listen addresses as Go reads, resolves, prints and refuses them. A name becomes an address, IPv4 first; no host, `0.0.0.0` and `[::]` all mean
 * every interface of both families, and are one and the same here, which spares the restarts that Toxiproxy's comparison of texts costs. A path
 * (`unix:/…`), which Toxiproxy does not know, stays as it is: proxies from elsewhere may have one.
 */

import { getServers } from 'node:dns';
import { lookup as lookupHost } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import net from 'node:net';
import { type Address, addressProblem, formatAddress, type HostPort, parseAddress, parseHostPort } from '../../dataplane/address.js';

/** Rejects with an Error whose message is Go's. A host is an address afterwards, or empty. */
export async function resolveListen(text: string): Promise<Address> {
  if (text.startsWith('unix:/') && addressProblem(text) === undefined) return parseAddress(text);
  // To Go, no address at all is any port of any interface.
  if (text === '') return { host: '', port: 0 };
  const { host, service } = splitHostPort(text);
  const port = await portOf(service);
  return { host: await hostAddress(host), port };
}

/** What to bind: every interface is bound in both families. */
export function bindText(address: Address): string {
  return formatAddress(isAnyInterface(address) ? { ...address, host: '::' } : address);
}

/** Whether a proxy that listens on `stored` would listen on the same if it was started on `address`. Port 0 is never the same. */
export function isSameListen(address: Address, stored: string): boolean {
  if ('path' in address) return formatAddress(address) === stored;
  const { host, port } = parseHostPort(stored);
  return address.port !== 0 && address.port === port && (address.host === host || (isAny(address.host) && isAny(host)));
}

export function isAnyInterface(address: Address): address is HostPort {
  return 'host' in address && isAny(address.host);
}

function isAny(host: string): boolean {
  return host === '' || host === '0.0.0.0' || host === '::';
}

const failure = (address: string, what: string): Error => new Error(`address ${address}: ${what}`);

function splitHostPort(text: string): { host: string; service: string } {
  const colon = text.lastIndexOf(':');
  if (colon < 0) throw failure(text, 'missing port in address');
  if (!text.startsWith('[')) {
    const host = text.slice(0, colon);
    if (host.includes(':')) throw failure(text, 'too many colons in address');
    refuseBrackets(text, text);
    return { host, service: text.slice(colon + 1) };
  }
  const end = text.indexOf(']');
  if (end < 0) throw failure(text, "missing ']' in address");
  if (end + 1 !== colon) throw failure(text, text[end + 1] === ':' ? 'too many colons in address' : 'missing port in address');
  refuseBrackets(text, text.slice(1, end) + text.slice(colon));
  return { host: text.slice(1, end), service: text.slice(colon + 1) };
}

function refuseBrackets(text: string, part: string): void {
  for (const bracket of ['[', ']']) if (part.includes(bracket)) throw failure(text, `unexpected '${bracket}' in address`);
}

async function portOf(service: string): Promise<number> {
  if (service === '') return 0;
  if (/^[+-]?\d+$/.test(service)) {
    const port = Number(service);
    if (port < 0 || port > 65_535) throw failure(service, 'invalid port');
    return port;
  }
  const known = await readFile('/etc/services', 'utf8').catch(() => '');
  for (const line of known.split('\n')) {
    const [name, at = '', ...aliases] = (line.split('#')[0] ?? '').trim().split(/\s+/);
    if (at.endsWith('/tcp') && [name, ...aliases].includes(service.toLowerCase())) return Number.parseInt(at, 10);
  }
  throw failure(`tcp/${service}`, 'unknown port');
}

async function hostAddress(host: string): Promise<string> {
  if (host === '' || net.isIPv4(host)) return host;
  if (net.isIPv6(host)) return host.includes('%') ? host : new URL(`http://[${host}]`).hostname.slice(1, -1);
  const found = await lookupHost(host, { all: true }).catch(() => []);
  const address = found.find(({ family }) => family === 4) ?? found[0];
  if (address !== undefined) return address.address;
  const asked = /^[\w.-]+$/.test(host) ? ` on ${resolverText()}` : '';
  throw new Error(`lookup ${host}${asked}: no such host`);
}

function resolverText(): string {
  const server = getServers()[0] ?? '127.0.0.1';
  return net.isIP(server) === 0 ? server : formatAddress({ host: server, port: 53 });
}
