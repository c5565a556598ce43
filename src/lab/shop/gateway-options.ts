/** What the gateway is told: addresses in the environment, defences by switches. Every defence can be switched off, so that each check has a known-bad subject. */
import { type Address, readAddresses, readAddressesIfAny, readPort } from '../environment.js';
import { readCount, readFlags, readSwitch } from '../switches.js';

export interface GatewayOptions {
  readonly port: number;
  readonly inventory: readonly [Address, ...Address[]];
  readonly payments: Address;
  /** Left out: there is no way to orders. */
  readonly orders?: Address;
  readonly ejection: boolean;
  /** An answer of inventory is judged by what it says, not by its status alone. */
  readonly contents: boolean;
  readonly ejectionErrors: number;
  readonly breaker: boolean;
  readonly timeout: boolean;
}

const FLAGS = {
  ejection: { type: 'string', default: 'on' },
  contents: { type: 'string', default: 'on' },
  'ejection-errors': { type: 'string', default: '3' },
  breaker: { type: 'string', default: 'on' },
  timeout: { type: 'string', default: 'on' },
} as const;

/** Throws USAGE on an unknown flag, a wrong value and a missing address. */
export function readGatewayOptions(args: readonly string[], env: Readonly<Record<string, string | undefined>>): GatewayOptions {
  const flags = readFlags(args, FLAGS);
  const [orders] = readAddressesIfAny(env, 'ORDERS') ?? [];
  return {
    port: readPort(env, 'PORT'),
    inventory: readAddresses(env, 'INVENTORY'),
    payments: readAddresses(env, 'PAYMENTS')[0],
    ...(orders && { orders }),
    ejection: readSwitch('ejection', flags.ejection),
    contents: readSwitch('contents', flags.contents),
    ejectionErrors: readCount('ejection-errors', flags['ejection-errors']),
    breaker: readSwitch('breaker', flags.breaker),
    timeout: readSwitch('timeout', flags.timeout),
  };
}
