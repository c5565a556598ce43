/** `source` compiled once into a predicate on a caller's address. An IPv4 caller of a dual-stack listener counts as IPv4. */
import { BlockList, isIP } from 'node:net';
import { z } from 'zod';

const network = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]);

export const sourceSchema = z
  .union([network, z.array(network).min(1).max(1_000)], { error: 'expected addresses or networks, like [10.0.0.7, 10.1.0.0/16]' })
  .transform((given) => (typeof given === 'string' ? [given] : given))
  .meta({ description: 'addresses and networks of the callers that it acts on, like [10.0.0.0/8]; all if omitted' });

/** Whether it acts on a caller of that address; `undefined` is a caller without one, on a Unix-domain socket. */
export type SourceMatcher = (address: string | undefined) => boolean;

/** `undefined` means: every caller, so that a fault without this condition costs nothing. */
export function compileSource(networks: readonly string[] | undefined): SourceMatcher | undefined {
  if (networks === undefined) return undefined;
  const list = new BlockList();
  for (const text of networks) {
    const [address = '', prefix] = text.split('/');
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    list.addSubnet(address, Number(prefix ?? (family === 'ipv4' ? 32 : 128)), family);
  }
  return (address) => address !== undefined && list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6');
}
