/** The options of `proxy create` that are about TLS. Files are read here and sent as text, so that they need not be where the daemon is. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { LabError, reasonOf } from '../core/errors.js';
import type { TlsSpecInput } from '../dataplane/tls/spec/tls-spec.js';

export interface TlsOptions {
  tls?: string;
  tlsCert?: string;
  tlsKey?: string;
  tlsCa?: string;
  tlsServerName?: string;
  tlsVerify?: string;
  tlsClientCert?: string;
  tlsClientKey?: string;
  alpn?: string;
}

export function addTlsOptions(command: Command): Command {
  return command
    .option('--tls <ends>', 'terminate (callers speak TLS), originate (the callee does) or both')
    .option('--tls-cert <file>', 'certificate shown to callers; signed by the lab CA if omitted')
    .option('--tls-key <file>', 'its private key')
    .option('--tls-ca <file>', 'who may have signed the callee’s certificate')
    .option('--tls-server-name <name>', 'name that the callee is asked for, and that must stand in its certificate')
    .option('--tls-verify <word>', 'full, or none to believe whoever answers')
    .option('--tls-client-cert <file>', 'certificate shown to the callee (mTLS)')
    .option('--tls-client-key <file>', 'its private key')
    .option('--alpn <protocols>', 'protocols to agree on, best first, separated by commas');
}

/** What they say, still to be checked; undefined if they say nothing of TLS. */
export function tlsFrom(options: TlsOptions): TlsSpecInput | undefined {
  const { tls, alpn } = options;
  const terminate = present({ certificate: textOf(options.tlsCert), key: textOf(options.tlsKey) });
  const originate = present({
    ca: textOf(options.tlsCa),
    serverName: options.tlsServerName,
    verify: options.tlsVerify,
    certificate: textOf(options.tlsClientCert),
    key: textOf(options.tlsClientKey),
  });
  if (tls === undefined && alpn === undefined && terminate === undefined && originate === undefined) return undefined;
  if (tls !== undefined && tls !== 'terminate' && tls !== 'originate' && tls !== 'both')
    throw new LabError('USAGE', { problem: `--tls ${tls}: expected terminate, originate or both` });
  refuseStray(terminate, { isThere: tls === 'terminate' || tls === 'both', option: '--tls-cert and --tls-key', needed: 'terminate' });
  refuseStray(originate, { isThere: tls === 'originate' || tls === 'both', option: '--tls-ca and the like', needed: 'originate' });
  return {
    ...((tls === 'terminate' || tls === 'both') && { terminate: terminate ?? true }),
    ...((tls === 'originate' || tls === 'both') && { originate: originate ?? true }),
    ...(alpn !== undefined && { alpn: alpn.split(',') }),
  } as TlsSpecInput;
}

function refuseStray(given: object | undefined, { isThere, option, needed }: { isThere: boolean; option: string; needed: string }): void {
  if (given !== undefined && !isThere) throw new LabError('USAGE', { problem: `${option} need --tls ${needed} or --tls both` });
}

function present(given: Readonly<Record<string, string | undefined>>): object | undefined {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function textOf(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new LabError('FILE_UNREADABLE', { file, reason: reasonOf(error) });
  }
}
