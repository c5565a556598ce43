import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ActiveFault } from '../../../src/dataplane/faults/active-fault.js';
import { FaultSieve } from '../../../src/dataplane/http/fault-sieve.js';
import { type ParsedRequest, parseRequestHead } from '../../../src/dataplane/http/request-head.js';
import { seed } from '../../support/seed.js';
import { activeFault } from '../../support/tcp.js';

function request(path: string, headers: readonly string[] = []): ParsedRequest {
  const head = parseRequestHead(`GET ${path} HTTP/1.1\r\nHost: a\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n`);
  if (typeof head === 'string') throw new Error(head);
  return head;
}

const fault = (id: string, match: NonNullable<Parameters<typeof activeFault>[0]['match']>): ActiveFault =>
  activeFault({ id, type: 'abort', match, value: { status: 503 } });
const idsOf = (faults: readonly ActiveFault[]): string[] => faults.map(({ id }) => id);

const NAMES = ['x-a', 'X-B', 'x-c', 'x-d', 'x-e', 'x-f'];
const path = fc.constantFrom('/', '/orders', '/orders/1', '/orders/2?x=1', `/${'long'.repeat(200)}`, '*');
const header = fc.constantFrom(...NAMES);
const match = fc.record(
  {
    path: fc.oneof(
      fc.constantFrom('/orders/*', '/', '*', '/elsewhere'),
      fc.array(fc.constantFrom('/orders', '/elsewhere/*'), { minLength: 1 }),
    ),
    headers: fc.dictionary(header, fc.constantFrom('1', '*')),
    method: fc.constantFrom('GET', 'POST'),
  },
  { requiredKeys: [] },
);
const asked = fc.tuple(path, fc.uniqueArray(header));

describe('a fault sieve', () => {
  it('leaves out what cannot match, by path and by header', () => {
    const sieve = new FaultSieve([
      fault('here', { path: '/orders/*' }),
      fault('elsewhere', { path: '/elsewhere' }),
      fault('customer', { headers: { 'X-Customer': 'gold' } }),
    ]);
    expect(idsOf(sieve.passing(request('/orders/1')))).toEqual(['here']);
    expect(idsOf(sieve.passing(request('/orders/1', ['x-customer: silver'])))).toEqual(['here', 'customer']);
    expect(idsOf(sieve.passing(request('/')))).toEqual([]);
  });

  it(`leaves out nothing that matches, and keeps the order (seed ${seed})`, () => {
    const property = fc.property(
      fc.array(match, { maxLength: 8 }),
      fc.array(asked, { minLength: 1, maxLength: 6 }),
      (matches, requests) => {
        const faults = matches.map((one, i) => fault(`${i}`, one));
        const sieve = new FaultSieve(faults);
        for (const [at, names] of requests) {
          const head = request(
            at,
            names.map((name) => `${name}: 1`),
          );
          const isMatch = (one: ActiveFault): boolean => one.matches?.(head) !== false;
          expect(idsOf(sieve.passing(head).filter(isMatch))).toEqual(idsOf(faults.filter(isMatch)));
        }
      },
    );
    fc.assert(property, { seed, numRuns: 500 });
  });

  it('keeps no more than so many paths', () => {
    const sieve = new FaultSieve([fault('a', { path: '/a*' }), fault('b', { path: '/b*' })]);
    for (let i = 0; i < 1_000; i++)
      expect(idsOf(sieve.passing(request(i % 2 === 0 ? `/a${i}` : `/b${i}`)))).toEqual([i % 2 === 0 ? 'a' : 'b']);
  });
});
