/** The options by which a command finds the fleet's etcd, the same for each; what is not said on the command line may stand in the environment. */
import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import type { Clock } from '../core/clock.js';
import { LabError, reasonOf } from '../core/errors.js';
import { EtcdClient } from '../etcd/client.js';
import { readToken } from './connection.js';

export interface EtcdOptionValues {
  etcd?: readonly string[];
  etcdUser?: string;
  etcdPasswordFile?: string;
  etcdCa?: string;
  etcdCert?: string;
  etcdKey?: string;
}

/** `https://a:2379,https://b:2379`. */
function parseEndpoints(text: string): readonly string[] {
  const endpoints = text.split(',').map((endpoint) => endpoint.trim());
  for (const endpoint of endpoints) {
    if (!URL.canParse(endpoint) || !/^https?:$/.test(new URL(endpoint).protocol))
      throw new InvalidArgumentError(
        `expected URLs separated by commas, like https://10.0.0.1:2379,https://10.0.0.2:2379; found ${endpoint}`,
      );
  }
  return endpoints;
}

export function addEtcdOptions(command: Command): Command {
  return command
    .option('--etcd <urls>', 'etcd of the fleet, its endpoints separated by commas', parseEndpoints)
    .option('--etcd-user <name>', 'user of etcd')
    .option('--etcd-password-file <file>', 'file that holds the user’s password')
    .option('--etcd-ca <file>', 'certificate of the authority that signed etcd’s')
    .option('--etcd-cert <file>', 'own certificate to show to etcd')
    .option('--etcd-key <file>', 'key of that certificate');
}

/** Undefined without `--etcd`. Throws USAGE or FILE_UNREADABLE. */
export function etcdClientOf(clock: Clock, options: EtcdOptionValues): EtcdClient | undefined {
  const { etcd: endpoints, etcdUser: name, etcdPasswordFile, etcdCa, etcdCert, etcdKey } = options;
  if (endpoints === undefined) return undefined;
  // Whoever may list processes reads a command line, and what is said of an etcd names its URL.
  if (endpoints.some((endpoint) => new URL(endpoint).username !== '' || new URL(endpoint).password !== ''))
    throw new LabError('USAGE', {
      problem: '--etcd takes URLs without user and password: give those by --etcd-user and --etcd-password-file',
    });
  const password = readToken(etcdPasswordFile);
  if ((name === undefined) !== (password === undefined))
    throw new LabError('USAGE', { problem: '--etcd-user and --etcd-password-file belong together: give both or neither' });
  return new EtcdClient({
    clock,
    endpoints,
    user: name === undefined || password === undefined ? undefined : { name, password },
    tls: { ca: readPem(etcdCa), cert: readPem(etcdCert), key: readPem(etcdKey) },
  });
}

/** For commands that are about the fleet and nothing else. Throws USAGE without `--etcd`. */
export function requireEtcdClient(clock: Clock, options: EtcdOptionValues): EtcdClient {
  const client = etcdClientOf(clock, options);
  if (client === undefined) throw new LabError('USAGE', { problem: 'expected --etcd URL[,URL]: where the fleet’s etcd is' });
  return client;
}

function readPem(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new LabError('FILE_UNREADABLE', { file, reason: reasonOf(error) });
  }
}
