/** Where the gateway leads the callers of a plan: each to its own links, by the name of a service (its instances in turn) or of one instance. Pure. */
import type { PlannedLink } from '../experiment/plan.js';
import type { GatewayRoute } from './drivers/driver.js';

export function gatewayRoutes(links: readonly PlannedLink[]): readonly GatewayRoute[] {
  const routes = new Map<string, GatewayRoute & { links: string[] }>();
  for (const { name, from, to, toService } of links) {
    for (const host of new Set([toService, to])) {
      const key = JSON.stringify([from, host]);
      const route = routes.get(key) ?? { host, path: '/', from, links: [] };
      route.links.push(name);
      routes.set(key, route);
    }
  }
  return [...routes.values()];
}
