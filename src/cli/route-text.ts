/** A route of the gateway on the command line. */
import { LabError } from '../core/errors.js';
import { explainInLine } from '../core/explain.js';
import { type Route, routeSchema } from '../gateway/routes.js';

/** Throws USAGE. `host=payments,path=/pay,from=checkout,links=payments-1+payments-2` */
export function parseRoute(text: string): Route {
  const { links = '', ...rest } = Object.fromEntries(text.split(',').map((pair) => pair.split(/=(.*)/s).slice(0, 2))) as Record<
    string,
    string
  >;
  const data = { ...rest, links: links.split('+').filter((link) => link !== '') };
  const parsed = routeSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  const problems = explainInLine(parsed.error, { schema: routeSchema, data });
  throw new LabError('USAGE', { problem: `--route ${text}: ${problems}; expected host=payments,path=/,links=payments-1+payments-2` });
}
