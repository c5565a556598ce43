/** What a proxy that originates TLS shows its callee and expects of it. */
import net from 'node:net';
import type { ConnectionOptions, SecureContext } from 'node:tls';
import type { Address } from '../address.js';
import { contextOf } from './material.js';
import type { OriginateSpec } from './spec/tls-spec.js';

export interface Originate {
  readonly secureContext: SecureContext;
  readonly rejectUnauthorized: boolean;
  /** What must stand in the certificate. */
  readonly host: string;
  /** What is asked for by SNI; an IP address cannot be. */
  readonly servername?: string;
  /** Offered by ALPN, best first, where the caller has not agreed on one; none: ALPN is not spoken. */
  readonly alpn: readonly string[];
}

export interface OriginateOptions {
  proxy: string;
  upstream: Address;
  alpn: readonly string[];
}

/** Rejects with TLS_INVALID. */
export async function openOriginate(spec: OriginateSpec, { proxy, upstream, alpn }: OriginateOptions): Promise<Originate> {
  const host = spec.serverName ?? ('host' in upstream ? upstream.host : 'localhost');
  return {
    secureContext: await contextOf(spec, { proxy, part: 'tls.originate' }),
    rejectUnauthorized: spec.verify === 'full',
    host,
    ...(net.isIP(host) === 0 && { servername: host }),
    alpn,
  };
}

/** As Node wants to be told. `protocol` is what the caller has agreed on. */
export function connectionOptions(
  { alpn, ...originate }: Originate,
  { socket, protocol }: { socket: net.Socket; protocol: string | undefined },
): ConnectionOptions {
  const offered = protocol === undefined ? alpn : [protocol];
  return { ...originate, socket, ...(offered.length > 0 && { ALPNProtocols: [...offered] }) };
}
