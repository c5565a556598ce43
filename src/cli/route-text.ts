/** A route of the gateway on the command line. */
import { LabError } from '../core/errors.js';
import { type Route, routeSchema } from '../gateway/routes.js';

/** Throws USAGE. `host=payments,path=/pay,from=checkout,links=payments-1+payments-2` */
export function parseRoute(text: string): Route {
  const { links = '', ...rest } = Object.fromEntries(text.split(',').map((pair) => pair.split(/=(.*)/s).slice(0, 2))) as Record<
    string,
    string
  >;
  const parsed = routeSchema.safeParse({ ...rest, links: links.split('+').filter((link) => link !== '') });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  throw new LabError('USAGE', { problem: `--route ${text}: ${problems}; expected host=payments,path=/,links=payments-1+payments-2` });
}
