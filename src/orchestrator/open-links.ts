/** Brings up one proxy a link, all at once where the data plane can do that. */
import type { Plan } from '../experiment/plan.js';
import type { Driver } from './drivers/driver.js';
import { proxyOfLink } from './proxy-of-link.js';

/** Tells of each link where its proxy listens, as soon as it does; `addressOf`: of a callee. Rejects with what the data plane refuses, or the signal's reason. */
export async function openLinks(
  { links }: Pick<Plan, 'links'>,
  {
    driver,
    addressOf,
    onOpen,
    signal,
  }: { driver: Driver; addressOf(instance: string): string; onOpen(link: string, listen: string): void; signal: AbortSignal },
): Promise<void> {
  const specs = links.map((link) => proxyOfLink(link, addressOf(link.to)));
  if (driver.createProxies !== undefined) {
    const listens = await driver.createProxies(specs);
    for (const [i, { name }] of specs.entries()) onOpen(name, listens[i] ?? '');
    return;
  }
  for (const spec of specs) {
    signal.throwIfAborted();
    onOpen(spec.name, (await driver.createProxy(spec)).listen);
  }
}
