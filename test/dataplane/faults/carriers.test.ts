import { describe, expect, it } from 'vitest';
import { admitFault } from '../../../src/dataplane/admit-fault.js';
import { carriersOf } from '../../../src/dataplane/faults/carriers.js';
import { faults } from '../../../src/dataplane/faults/catalog.js';
import type { LinkFault } from '../../../src/dataplane/faults/fault.js';
import { faultSpecSchema } from '../../../src/dataplane/faults/spec.js';
import { proxySpecSchema } from '../../../src/dataplane/proxy.js';

const of = (type: string): readonly string[] => carriersOf(faults.get(type) as LinkFault);

/** The error with which a fault is refused on a link of that protocol; undefined if it is not. */
function refusal(type: string, protocol: 'tcp' | 'http' | 'http2'): string | undefined {
  const spec = faultSpecSchema.parse({ id: type, type, proxies: ['p'], value: faults.get(type)?.example });
  try {
    admitFault({ run: 'r', spec, sinceMs: 0 }, () => proxySpecSchema.parse({ name: 'p', protocol, upstream: '127.0.0.1:1' }));
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

describe('a fault', () => {
  it('acts on the links that carry what it acts on', () => {
    expect(of('latency')).toEqual(['tcp', 'http', 'http2']);
    expect(of('abort')).toEqual(['http', 'http2']);
    expect(of('malformedChunk')).toEqual(['http']);
    expect(of('goaway')).toEqual(['http2']);
  });

  it.each([
    ['latency', 'http2', undefined],
    ['abort', 'http2', undefined],
    ['abort', 'tcp', 'fault type "abort" needs a proxy that carries http or http2, but "p" carries tcp'],
    ['rstStream', 'http2', undefined],
    ['rstStream', 'http', 'fault type "rstStream" needs a proxy that carries http2, but "p" carries http'],
    ['malformedChunk', 'http2', 'fault type "malformedChunk" needs a proxy that carries http, but "p" carries http2'],
  ] as const)('%s on a link that carries %s is taken, or refused in a sentence', (type, protocol, expected) => {
    expect(refusal(type, protocol)).toBe(expected);
  });
});
