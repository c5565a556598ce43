import { expect, it } from 'vitest';
import type { PlannedLink } from '../../src/experiment/plan.js';
import { routeOf, routesSchema } from '../../src/gateway/routes.js';
import { linkName } from '../../src/journal/observations.js';
import { gatewayRoutes } from '../../src/orchestrator/gateway-routes.js';

const link = (from: string, to: string): PlannedLink => ({
  name: linkName(from, to),
  from,
  fromService: from.replace(/-\d$/, ''),
  to,
  toService: to.replace(/-\d$/, ''),
  protocol: 'http',
  protected: false,
});
const routes = gatewayRoutes([link('a-1', 'b-1'), link('a-1', 'b-2'), link('a-2', 'b-1'), link('a-2', 'b-2'), link('a-1', 'c')]);

it('a caller is led to its own links, by service in turn and by instance', () => {
  const linksOf = (from: string, host: string) => routeOf(routesSchema.parse(routes), { host, path: '/', from })?.links;
  expect(linksOf('a-1', 'b')).toEqual(['a-1->b-1', 'a-1->b-2']);
  expect(linksOf('a-2', 'b:8080')).toEqual(['a-2->b-1', 'a-2->b-2']);
  expect(linksOf('a-2', 'b-2')).toEqual(['a-2->b-2']);
  expect(linksOf('a-1', 'c')).toEqual(['a-1->c']);
});

it('nobody is led by a link that is not his', () => {
  const linksOf = (from: string | undefined, host: string) => routeOf(routesSchema.parse(routes), { host, path: '/', from });
  expect(linksOf('a-2', 'c')).toBeUndefined();
  expect(linksOf(undefined, 'b')).toBeUndefined();
});
