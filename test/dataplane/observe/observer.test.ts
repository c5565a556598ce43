import { describe, expect, it } from 'vitest';
import { observeSchema } from '../../../src/dataplane/observe/observe-spec.js';
import { createObserver, exchangeName, type Observed } from '../../../src/dataplane/observe/observer.js';

function request(target: string, headers: Record<string, string> = {}): Observed {
  return { method: 'GET', target, version: '1.1', header: (name) => headers[name] };
}

const observing = (spec: Parameters<typeof observeSchema.parse>[0]) => {
  const observer = createObserver(observeSchema.parse(spec));
  return (asked: Observed, body?: string) => observer.notes(asked, body === undefined ? undefined : { kind: 'json', text: body });
};

describe('an observer', () => {
  it('notes the idempotency key unasked, and nothing of a request that has none', () => {
    const observe = observing({});
    expect(observe(request('/orders', { 'idempotency-key': 'k-1', 'x-order-id': '7' }))).toEqual({ tokens: { 'idempotency-key': 'k-1' } });
    expect(observe(request('/orders'))).toEqual({});
  });

  it('notes the headers that it is told, cut, without those that are not there', () => {
    const observe = observing({ headers: ['x-order-id', 'x-cart'] });
    expect(observe(request('/', { 'x-order-id': '7'.repeat(500) }))).toEqual({ tokens: { 'x-order-id': '7'.repeat(200) } });
  });

  it('notes the first template that the path fits, whatever stands in its query', () => {
    const observe = observing({ routes: ['/orders/new', '/orders/{id}', '/files/{name}.json'] });
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
    const observe = observing({ routes: ['/{a}'] });
    expect(observe(request(`/${'x'.repeat(3_000)}`))).toEqual({});
  });

  it('notes all names that a request has, and what its body says at the places that it is told', () => {
    const observe = observing({ body: ['$.order.id', '$..sku', '$.none'] });
    const asked = { ...request('/', { 'idempotency-key': 'k-1' }), traceId: 'abc' };
    const tokens = { traceparent: 'abc', 'idempotency-key': 'k-1', '$.order.id': '17', '$..sku': 'first' };
    expect(observe(asked, '{"order":{"id":17,"lines":[{"sku":"first"},{"sku":"second"}]}}').tokens).toEqual(tokens);
    expect(observe(asked, 'no JSON').tokens).toEqual({ traceparent: 'abc', 'idempotency-key': 'k-1' });
  });

  it('notes of answers the headers that it is told, and nothing where none of them is there', () => {
    const answer = (headers: Record<string, string>) => ({ header: (name: string) => headers[name] });
    const observer = createObserver(observeSchema.parse({ answerHeaders: ['X-Value', 'x-version'] }));
    expect(observer.answerNotes(answer({ 'x-value': 'v'.repeat(300), other: '1' }))).toEqual({
      answerTokens: { 'x-value': 'v'.repeat(200) },
    });
    expect(observer.answerNotes(answer({ other: '1' }))).toEqual({});
    expect(createObserver(observeSchema.parse({})).answerNotes(answer({ 'x-value': 'v' }))).toEqual({});
  });

  it('gives an exchange a name that can stand in a header', () => {
    expect(exchangeName({ link: 'a->b', connection: 3, ordinal: 7 })).toBe('a->b#3.7');
    expect(exchangeName({ link: 'é\ud800->b', connection: 1, ordinal: 1 })).toMatch(/^[\x21-\x7e]+$/);
  });
});
