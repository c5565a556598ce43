// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the templates of a plan look like this
import { describe, expect, it } from 'vitest';
import type { LoadRequest } from '../../../src/orchestrator/workloads/load-protocol.js';
import { createRequestMaker } from '../../../src/orchestrator/workloads/request-maker.js';

const stock: LoadRequest = { name: 'stock', weight: 2, method: 'GET', path: '/stock/${key}', headers: {} };
const pay: LoadRequest = {
  name: 'pay',
  weight: 1,
  method: 'POST',
  path: '/pay/${key}?n=${seq}',
  headers: { 'content-type': 'application/json', 'X-Request-Id': 'mine', 'x-seq': '${seq}' },
  body: '{"key": "${key}", "again": "${key}"}',
};
const make = (seed: number, requests: readonly LoadRequest[], count: number, scenario = 'load') => {
  const maker = createRequestMaker({ seed, scenario, requests });
  return Array.from({ length: count }, (_, n) => maker(n));
};

describe('request maker', () => {
  it('makes the same requests in the same order from the same seed', () => {
    expect(make(7, [stock, pay], 200)).toEqual(make(7, [stock, pay], 200));
  });

  it('makes another order from another seed, and keys that do not collide', () => {
    const [one, two] = [make(7, [stock, pay], 200), make(8, [stock, pay], 200)];
    expect(one.map(({ route }) => route)).not.toEqual(two.map(({ route }) => route));
    expect(new Set([...one, ...two].map(({ token }) => token)).size).toBe(400);
  });

  it('makes keys that do not collide with those of another scenario', () => {
    const tokens = ['browse', 'buy'].flatMap((scenario) => make(7, [stock], 200, scenario).map(({ token }) => token));
    expect(new Set(tokens).size).toBe(400);
  });

  it('mixes routes by their weights', () => {
    const routes = make(20261, [stock, pay], 6_000).map(({ route }) => route);
    const stocks = routes.filter((route) => route === 'stock').length;
    // Two thirds of 6,000, give or take five standard deviations.
    expect(Math.abs(stocks - 4_000)).toBeLessThan(185);
  });

  it('never makes a request of weight 0', () => {
    const routes = make(1, [{ ...stock, weight: 0 }, pay, { ...stock, weight: 0 }], 500).map(({ route }) => route);
    expect(new Set(routes)).toEqual(new Set(['pay']));
  });

  it('makes a key that no other request has', () => {
    expect(new Set(make(20261, [stock, pay], 20_000).map(({ token }) => token)).size).toBe(20_000);
  });

  it('fills in key and sequence number wherever they stand', () => {
    const [, second] = make(1, [pay], 2);
    expect(second).toMatchObject({
      path: `/pay/${second?.token}?n=2`,
      body: `{"key": "${second?.token}", "again": "${second?.token}"}`,
      headers: { 'content-type': 'application/json', 'x-seq': '2' },
    });
  });

  it('sends the key as the request id, whatever the plan puts there', () => {
    const [first] = make(1, [pay], 1);
    const ids = Object.entries(first?.headers ?? {}).filter(([name]) => name.toLowerCase() === 'x-request-id');
    expect(ids).toEqual([['x-request-id', first?.token]]);
  });

  it('fills in the row of the request, encoded where a value would be something else', () => {
    const row = new Map([['user', 'ann/../? b\r\nX: 1 ü €']]);
    const request = { ...pay, path: '/u/${row.user}', headers: { 'x-user': '${row.user}' }, body: '${row.user}' };
    const made = createRequestMaker({ seed: 1, scenario: 'load', requests: [request], rowOf: () => row })(0);
    expect(made.path).toBe('/u/ann%2F..%2F%3F%20b%0D%0AX%3A%201%20%C3%BC%20%E2%82%AC');
    expect(made.headers['x-user']).toBe('ann/../? b%0D%0AX: 1 ü %E2%82%AC');
    expect(made.body).toBe(row.get('user'));
  });
});
