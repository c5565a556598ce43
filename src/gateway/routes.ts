/** Where the gateway sends what: pure. A request names a host, a path and maybe a caller; a route names those that it takes and the links behind. */
import { z } from 'zod';

const ROUTES_MAX = 10_000;
const LINKS_MAX = 1_000;

export const routeSchema = z.strictObject({
  host: z
    .string()
    .max(255)
    .regex(/^(?:\*|[A-Za-z0-9._-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?$/, 'expected a host, with or without a port, or *')
    .transform((host) => host.toLowerCase())
    .meta({ description: 'host that the caller asks for, like payments or payments:8080; * takes any' }),
  path: z.string().max(2_000).startsWith('/', 'expected a path that starts with a slash').default('/').meta({
    description: 'what the path begins with, whole segments only; tunnels have no path',
  }),
  from: z
    .string()
    .max(200)
    .optional()
    .meta({ description: 'the caller, as it names itself in the proxy’s URL: http://NAME@127.0.0.1:8888' }),
  links: z.array(z.string().min(1)).min(1).max(LINKS_MAX).meta({ description: 'proxies that carry the requests, in turn' }),
});
export type Route = z.output<typeof routeSchema>;

export const routesSchema = z.array(routeSchema).max(ROUTES_MAX);

export interface Asked {
  /** As asked for, port included if it was. */
  host: string;
  /** Undefined for a tunnel. */
  path: string | undefined;
  /** The name that the caller gave itself. */
  from: string | undefined;
}

/** The most exact route that takes it: first by caller, then by host, then by the longest path. Undefined: none does. */
export function routeOf(routes: readonly Route[], asked: Asked): Route | undefined {
  const host = asked.host.toLowerCase();
  const fitting = routes.filter((route) => takesCaller(route, asked) && hostRank(route, host) > 0 && takesPath(route, asked.path));
  const [best] = fitting.sort(
    (a, b) =>
      Number(b.from !== undefined) - Number(a.from !== undefined) || hostRank(b, host) - hostRank(a, host) || b.path.length - a.path.length,
  );
  return best;
}

/** A sentence for a caller that no route takes. */
export function noRoute(routes: readonly Route[], { host, path = '', from }: Asked): string {
  const known = [...new Set(routes.map((route) => `${route.host}${route.path === '/' ? '' : route.path}`))].slice(0, 20);
  const caller = from === undefined ? '' : ` from ${from}`;
  return `no route for ${host}${path}${caller}; known: ${known.join(', ') || 'none'}`;
}

function takesCaller({ from }: Route, asked: Asked): boolean {
  return from === undefined || from === asked.from;
}

/** 0: does not take it. */
function hostRank({ host }: Route, asked: string): number {
  if (host === asked) return 3;
  if (host === asked.replace(/:\d+$/, '')) return 2;
  return host === '*' ? 1 : 0;
}

function takesPath({ path }: Route, asked: string | undefined): boolean {
  if (path === '/') return true;
  if (asked === undefined) return false;
  const query = asked.indexOf('?');
  const whole = query < 0 ? asked : asked.slice(0, query);
  return whole === path || whole.startsWith(path.endsWith('/') ? path : `${path}/`);
}
