import { describe, expect, it } from 'vitest';
import { createObserver } from '../../../src/dataplane/observe/observer.js';

function request(target: string, headers: Record<string, string> = {}): Parameters<ReturnType<typeof createObserver>>[0] {
  return { method: 'GET', target, version: '1.1', header: (name) => headers[name] };
}

describe('an observer', () => {
  it('notes the idempotency key unasked, and nothing of a request that has none', () => {
    const observe = createObserver();
    expect(observe(request('/orders', { 'idempotency-key': 'k-1', 'x-order-id': '7' }))).toEqual({ tokens: { 'idempotency-key': 'k-1' } });
    expect(observe(request('/orders'))).toEqual({});
  });

  it('notes the headers that it is told, cut, without those that are not there', () => {
    const observe = createObserver({ headers: ['x-order-id', 'x-cart'], routes: [] });
    expect(observe(request('/', { 'x-order-id': '7'.repeat(500) }))).toEqual({ tokens: { 'x-order-id': '7'.repeat(200) } });
  });

  it('notes the first template that the path fits, whatever stands in its query', () => {
    const observe = createObserver({ headers: [], routes: ['/orders/new', '/orders/{id}', '/files/{name}.json'] });
    const routes = ['/orders/new', '/orders/7?x=/1', 'http://b/orders/8', '/files/a.json', '/files/axjson', '/orders/7/lines', '/orders/'];
    expect(routes.map((target) => observe(request(target)).route)).toEqual([
      '/orders/new',
      '/orders/{id}',
      '/orders/{id}',
      '/files/{name}.json',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('takes no long look at a long path', () => {
    const observe = createObserver({ headers: [], routes: ['/{a}'] });
    expect(observe(request(`/${'x'.repeat(3_000)}`))).toEqual({});
  });
});
