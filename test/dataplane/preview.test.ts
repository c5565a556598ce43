import { describe, expect, it } from 'vitest';
import { admitFaults } from '../../src/dataplane/admit-fault.js';
import { type FaultSpecInput, faultSpecSchema } from '../../src/dataplane/faults/spec.js';
import { previewFault } from '../../src/dataplane/preview.js';
import { proxySpecSchema } from '../../src/dataplane/proxy.js';
import type { Exchange } from '../../src/journal/observations.js';

const proxy = proxySpecSchema.parse({ name: 'a->b', protocol: 'http', upstream: '127.0.0.1:1' });

function admitted(given: Partial<FaultSpecInput>) {
  const spec = faultSpecSchema.parse({ id: 'f', type: 'abort', proxies: ['a->b'], value: { status: 503 }, ...given });
  const [fault] = admitFaults([{ run: 'by-hand', spec, sinceMs: 0 }], { proxyOf: () => proxy, isOn: () => false });
  if (fault === undefined) throw new Error('it was admitted');
  return fault;
}

function exchange(given: Partial<Exchange>): Exchange {
  const wire = { link: 'a->b', from: 'a', to: 'b', connection: 1, ordinal: 1, startMs: 0, endMs: 1, bytesUp: 0, bytesDown: 0 };
  return { kind: 'exchange', ...wire, method: 'GET', path: '/', status: 200, end: 'complete', ...given };
}

const recent = [
  exchange({ path: '/stock/1' }),
  exchange({ path: '/stock/2', method: 'POST' }),
  exchange({ path: '/health', status: 503 }),
  exchange({ path: '/stock/3', link: 'a->c' }),
];

describe('what a fault would meet', () => {
  it('is told by link, of those that its conditions take, with the share that it would hit', () => {
    const { links } = previewFault(admitted({ match: { path: '/stock*' }, percentage: 50 }), recent);
    expect(links).toEqual([{ link: 'a->b', requests: 3, matched: 2, hit: 1 }]);
  });

  it('is everything where it has no conditions, and leaves out what it excludes', () => {
    expect(previewFault(admitted({}), recent).links[0]?.matched).toBe(3);
    expect(previewFault(admitted({ exclude: { method: 'POST' } }), recent).links[0]?.matched).toBe(2);
  });

  it('looks at answers where the fault does', () => {
    expect(previewFault(admitted({ type: 'statusFlip', value: {}, match: { status: '5xx' } }), recent).links[0]?.matched).toBe(1);
  });

  it('takes as met what no record tells, and names it', () => {
    const { links, cannotTell } = previewFault(
      admitted({ match: { headers: { 'x-a': '1' }, method: 'POST' }, source: ['10.0.0.0/8'] }),
      recent,
    );
    expect([links[0]?.matched, cannotTell]).toEqual([1, ['headers', 'source']]);
  });

  it('is nothing on a link that has carried nothing', () => {
    expect(previewFault(admitted({}), []).links).toEqual([{ link: 'a->b', requests: 0, matched: 0, hit: 0 }]);
  });
});
