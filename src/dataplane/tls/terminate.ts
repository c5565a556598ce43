/** What a proxy that terminates TLS shows its callers: the certificate that it was given, or the lab CA's for the name that is asked for. */
import type { SecureContext } from 'node:tls';
import type { Address } from '../address.js';
import type { CertificateFlaw } from '../faults/fault.js';
import type { LabAuthority } from './lab-authority.js';
import { contextOf } from './material.js';
import { isHostName } from './spec/host-name.js';
import type { TerminateSpec } from './spec/tls-spec.js';

/** What a caller on this machine may call us, if it asks for no name. */
const LOCAL_NAMES = ['localhost', '127.0.0.1', '::1'];
/** Listened on by whoever listens on all addresses. */
const ANY_ADDRESS = new Set(['', '0.0.0.0', '::']);

export interface Terminate {
  /** Protocols by ALPN, best first; none: ALPN is not spoken. */
  readonly alpn: readonly string[];
  /** What to show a caller that asks for this name; undefined: for none. */
  context(name: string | undefined, flaw: CertificateFlaw | undefined): Promise<SecureContext>;
}

export interface TerminateOptions {
  proxy: string;
  listen: Address;
  authority: LabAuthority;
  alpn: readonly string[];
}

/** Rejects with TLS_INVALID or CA_UNUSABLE: a proxy that cannot show anything is not started. */
export async function openTerminate(spec: TerminateSpec, { proxy, listen, authority, alpn }: TerminateOptions): Promise<Terminate> {
  const address = 'host' in listen && !ANY_ADDRESS.has(listen.host) ? [listen.host] : [];
  const names = [...new Set([...spec.names, ...LOCAL_NAMES, ...address])];
  const signed = (name: string | undefined, flaw: CertificateFlaw | undefined): Promise<SecureContext> =>
    authority.context(name !== undefined && isHostName(name) ? [name.toLowerCase()] : names, flaw);
  if (spec.certificate === undefined) {
    await signed(undefined, undefined);
    return { alpn, context: signed };
  }
  const given = await contextOf(spec, { proxy, part: 'tls.terminate' });
  // Whoever has signed the one that was given would not sign a bad one for us: that is always the lab CA's.
  return { alpn, context: (name, flaw) => (flaw === undefined ? Promise.resolve(given) : signed(name, flaw)) };
}
