import { describe, expect, it } from 'vitest';
import { noRoute, type Route, routeOf, routesSchema } from '../../src/gateway/routes.js';

const routes = routesSchema.parse([
  { host: '*', links: ['any'] },
  { host: 'Payments', links: ['payments'] },
  { host: 'payments:8080', links: ['payments-8080'] },
  { host: 'payments', path: '/admin', links: ['admin'] },
  { host: 'payments', path: '/admin/keys/', links: ['keys'] },
  { host: 'payments', from: 'checkout', links: ['checkout->payments'] },
]);
const linkOf = (asked: Partial<Parameters<typeof routeOf>[1]>, among: readonly Route[] = routes): string | undefined =>
  routeOf(among, { host: 'payments', path: '/', from: undefined, ...asked })?.links[0];

describe('a route', () => {
  it.each([
    ['the host', {}, 'payments'],
    ['the host, whatever its case', { host: 'PAYMENTS' }, 'payments'],
    ['the host without its port', { host: 'payments:9999' }, 'payments'],
    ['host and port, before the host alone', { host: 'payments:8080' }, 'payments-8080'],
    ['any host, last', { host: 'elsewhere' }, 'any'],
    ['the longest path', { path: '/admin/keys/7' }, 'keys'],
    ['whole segments of a path', { path: '/administrator' }, 'payments'],
    ['a path without its query', { path: '/admin?x=/admin/keys/' }, 'admin'],
    ['the caller, before all else', { from: 'checkout', path: '/admin' }, 'checkout->payments'],
    ['every other caller', { from: 'somebody' }, 'payments'],
    ['a tunnel, which has no path', { path: undefined }, 'payments'],
  ])('is chosen by %s', (_title, asked, link) => {
    expect(linkOf(asked)).toBe(link);
  });

  it('is not there for a host that nobody named', () => {
    expect(linkOf({ host: 'elsewhere' }, routes.slice(1))).toBeUndefined();
    expect(noRoute(routes.slice(1), { host: 'elsewhere', path: '/x', from: 'checkout' })).toBe(
      'no route for elsewhere/x from checkout; known: payments, payments:8080, payments/admin, payments/admin/keys/',
    );
    expect(noRoute([], { host: 'x', path: undefined, from: undefined })).toBe('no route for x; known: none');
  });

  it.each([
    ['an empty host', { host: '', links: ['a'] }],
    ['a host with a path', { host: 'a/b', links: ['a'] }],
    ['a path without its slash', { host: 'a', path: 'b', links: ['a'] }],
    ['no link', { host: 'a', links: [] }],
    ['a key that there is none of', { host: 'a', links: ['a'], link: 'a' }],
  ])('is refused with %s', (_title, route) => {
    expect(routesSchema.safeParse([route]).success).toBe(false);
  });
});
