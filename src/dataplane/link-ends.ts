/** The two ends of a proxy, made ready when it starts to listen: how connections come in, and how the callee is reached. TLS, if any, is at these ends. */
import { LabError } from '../core/errors.js';
import { parseAddress } from './address.js';
import type { ProxyLimits, ProxyPorts, ProxySpec } from './proxy.js';
import { dialTlsWire, type TlsDial } from './tls/dial-tls-wire.js';
import { LabAuthority } from './tls/lab-authority.js';
import { openOriginate } from './tls/originate.js';
import { openTerminate } from './tls/terminate.js';
import { TlsReception } from './tls/tls-reception.js';
import { dialWire } from './wire/dial-wire.js';
import type { Wire } from './wire.js';

/** A dial whose address is known; to be used in place of `dialWire`. */
export type UpstreamDial = TlsDial;

export interface LinkEnds {
  /** Undefined: connections are taken as they come. */
  readonly reception: TlsReception | undefined;
  dial(dial: UpstreamDial): Wire;
}

/** What callers and callee agree on by ALPN if the spec says nothing. */
const ALPN: Readonly<Record<ProxySpec['protocol'], readonly string[]>> = { tcp: [], http: ['http/1.1'], http2: ['h2'] };

/** What is agreed on has to be what the proxy carries. */
function refuseOtherProtocols({ name: proxy, protocol }: ProxySpec, alpn: readonly string[]): void {
  const [carried] = ALPN[protocol];
  if (carried === undefined || alpn.includes(carried)) return;
  throw new LabError('TLS_INVALID', { proxy, key: 'alpn', reason: `expected ${carried} among them, for the proxy carries ${protocol}` });
}

/** As for a proxy without TLS. */
export function plainEnds({ upstream }: ProxySpec): LinkEnds {
  const address = parseAddress(upstream);
  return { reception: undefined, dial: ({ protocol: _protocol, ...dial }) => dialWire({ ...address, ...dial }) };
}

/** Rejects with TLS_INVALID or CA_UNUSABLE. */
export async function openEnds(spec: ProxySpec, { ports, limits }: { ports: ProxyPorts; limits: ProxyLimits }): Promise<LinkEnds> {
  const plain = plainEnds(spec);
  if (spec.tls === undefined) return plain;
  const { terminate: terminateSpec, originate: originateSpec, alpn = ALPN[spec.protocol] } = spec.tls;
  const { name: proxy, listen } = spec;
  refuseOtherProtocols(spec, alpn);
  const upstream = parseAddress(spec.upstream);
  const authority = ports.authority ?? new LabAuthority(ports.clock);
  const terminate = terminateSpec && (await openTerminate(terminateSpec, { proxy, listen: parseAddress(listen), authority, alpn }));
  const originate = originateSpec && (await openOriginate(originateSpec, { proxy, upstream, alpn }));
  return {
    reception: terminate && new TlsReception({ ports, spec, terminate, timeoutMs: limits.handshakeTimeoutMs }),
    dial: originate === undefined ? plain.dial : (dial) => dialTlsWire(upstream, originate, dial),
  };
}
