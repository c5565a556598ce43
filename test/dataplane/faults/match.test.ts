import { describe, expect, it, test } from 'vitest';
import type { RequestHead, ResponseHead } from '../../../src/dataplane/faults/fault.js';
import { compileBody, compileMatcher, excludeSchema, matchSchema } from '../../../src/dataplane/faults/match.js';

function head(target: string, headers: Readonly<Record<string, string>> = {}, method = 'GET'): RequestHead {
  return { method, target, version: '1.1', header: (name) => headers[name] };
}
const response = (status: number) => ({ status }) as ResponseHead;

const matcher = (match?: unknown, exclude?: unknown) =>
  compileMatcher({
    ...(match !== undefined && { match: matchSchema.parse(match) }),
    ...(exclude !== undefined && { exclude: excludeSchema.parse(exclude) }),
  });

test('no condition is no predicate', () => {
  expect(matcher()).toBeUndefined();
});

test.each<[string, unknown, RequestHead, boolean]>([
  ['a method in any case', { method: 'post' }, head('/', {}, 'POST'), true],
  ['another method', { method: ['PUT', 'DELETE'] }, head('/', {}, 'POST'), false],
  ['a path, whatever the query', { path: '/stock*' }, head('/stock/1?/other'), true],
  ['an expression on the path', { pathRegex: '^/users/[0-9]+$' }, head('/users/17?x=y'), true],
  ['an expression that the path lacks', { pathRegex: '^/users/[0-9]+$' }, head('/users/me'), false],
  ['one of several values of a parameter', { query: { debug: '1*' } }, head('/a?debug=0&debug=17'), true],
  ['a parameter that is not there', { query: { debug: '*' } }, head('/a?other=1'), false],
  ['a number as a parameter’s value', { query: { page: 2 } }, head('/a?page=2'), true],
  ['a header in any case of its name', { headers: { 'X-Tier': 'gold*' } }, head('/', { 'x-tier': 'golden' }), true],
  ['a header that is not there', { headers: { 'X-Tier': '*' } }, head('/'), false],
  ['a user agent', { userAgent: 'KUBE-probe/*' }, head('/', { 'user-agent': 'kube-probe/1.27' }), true],
  ['all of several conditions', { method: 'GET', path: '/a', query: { x: '1' } }, head('/a?x=1'), true],
  ['one condition that fails', { method: 'GET', path: '/a', query: { x: '1' } }, head('/a?x=2'), false],
])('match: %s', (_title, match, request, fits) => {
  expect(matcher(match)?.(request)).toBe(fits);
});

describe('exclude', () => {
  it('has the last word', () => {
    const matches = matcher({ path: '/stock*' }, { path: '/stock/health' });
    expect([matches?.(head('/stock/1')), matches?.(head('/stock/health'))]).toEqual([true, false]);
  });

  it('knows probes in one word, alone or in a list', () => {
    const probes = matcher(undefined, 'probes');
    expect([probes?.(head('/healthz')), probes?.(head('/a', { 'user-agent': 'kube-probe/1' })), probes?.(head('/a'))]).toEqual([
      false,
      false,
      true,
    ]);
    const more = matcher(undefined, ['probes', { path: '/admin*', method: 'GET' }, { headers: { 'x-test': '*' } }]);
    expect(['/healthz', '/admin/x', '/a'].map((path) => more?.(head(path)))).toEqual([false, false, true]);
    expect(more?.(head('/a', { 'x-test': '1' }))).toBe(false);
    expect(more?.(head('/admin', {}, 'POST'))).toBe(true);
  });

  test.each(['probe', 7, [], ['probes', 'x'], { paht: '/a' }])('%j is refused', (exclude) => {
    expect(excludeSchema.safeParse(exclude).success).toBe(false);
  });

  it('reads what it wrote', () => {
    const once = excludeSchema.parse(['probes', { path: '/a', status: '5xx' }]);
    expect(excludeSchema.parse(once)).toEqual(once);
  });
});

describe('status', () => {
  const matches = matcher({ status: [404, '5xx'] });
  test.each([
    [200, false],
    [404, true],
    [403, false],
    [500, true],
    [599, true],
  ])('%d: %s', (status, fits) => {
    expect(matches?.(head('/'), response(status))).toBe(fits);
  });

  it('stays open as long as there is no response', () => {
    expect(matches?.(head('/'))).toBe(true);
    const spared = matcher(undefined, { status: 503, path: '/a' });
    expect([spared?.(head('/a')), spared?.(head('/a'), response(503)), spared?.(head('/b'), response(503))]).toEqual([true, false, true]);
  });

  test.each([99, 600, '6xx', '50x', 'ok', []])('%j is refused', (status) => {
    expect(matchSchema.safeParse({ status }).success).toBe(false);
  });
});

describe('body', () => {
  const matches = (body: unknown, value: unknown) => compileBody(matchSchema.parse({ body }).body)?.(value);
  test.each<[unknown, unknown, boolean]>([
    [{ '$.tier': 'gold*' }, { tier: 'golden' }, true],
    [{ '$.tier': 'gold*' }, { tier: 'silver' }, false],
    [{ '$.tier': '*' }, {}, false],
    [{ '$.amount': 100 }, { amount: 100 }, true],
    [{ '$.paid': true }, { paid: true }, true],
    [{ '$.items[*].sku': 'b' }, { items: [{ sku: 'a' }, { sku: 'b' }] }, true],
    [{ '$.a': '1', '$.b': '2' }, { a: 1, b: 3 }, false],
  ])('%j on %j: %s', (body, value, fits) => {
    expect(matches(body, value)).toBe(fits);
  });

  it('is looked at only if something is said of it, and never to leave something alone', () => {
    expect(compileBody(undefined)).toBeUndefined();
    expect(excludeSchema.safeParse({ body: { '$.a': '1' } }).success).toBe(false);
    expect(matchSchema.safeParse({ body: { a: '1' } }).success).toBe(false);
  });
});
