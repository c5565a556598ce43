import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { OpenExchange } from '../../../src/dataplane/http/open-exchange.js';
import { ownText } from '../../../src/dataplane/http/own-text.js';
import { parseRequestHead } from '../../../src/dataplane/http/request-head.js';
import type { Exchange } from '../../../src/journal/observations.js';

const HEAD_CHARACTERS = 60_000;
const EXCHANGES = 500;
const HEADS_BYTES = EXCHANGES * HEAD_CHARACTERS;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What stays on the heap of as many things as `make` gives. */
function keptBytes(make: (ordinal: number) => unknown): number {
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const kept = Array.from({ length: EXCHANGES }, (_, i) => make(i + 1));
  collectGarbage();
  const bytes = process.memoryUsage().heapUsed - before;
  expect(kept).toHaveLength(EXCHANGES);
  return bytes;
}

function head(ordinal: number): string {
  const lines = [
    `PROPFIND-DEEPLY /inventory/items/${ordinal}?expand=price HTTP/1.1`,
    'Host: h',
    `X-Request-Id: 3f2a9c1e-4d5b-9e8f-${ordinal}`,
  ];
  const text = `${lines.join('\r\n')}\r\nCookie: ${'c'.repeat(HEAD_CHARACTERS)}\r\n\r\n`;
  return Buffer.from(text, 'latin1').toString('latin1');
}

function observed(ordinal: number): Exchange {
  const request = parseRequestHead(head(ordinal));
  if (typeof request === 'string') throw new Error(request);
  const exchange = new OpenExchange({ ordinal, startMs: 1, method: request.method, path: request.target, request });
  return exchange.toObservation({ link: 'a->b', from: 'a', to: 'b', connection: 1 }, { end: 'complete', endMs: 2 });
}

describe('text of its own', () => {
  it('is the same text', () => {
    for (const text of ['', '/short', '/inventory/items/1?expand=price', '/\xe9\xff/'.repeat(5)]) expect(ownText(text)).toBe(text);
  });

  it('is what an observation is made of, so that it does not keep the head alive', () => {
    expect(observed(7)).toMatchObject({
      method: 'PROPFIND-DEEPLY',
      path: '/inventory/items/7?expand=price',
      token: '3f2a9c1e-4d5b-9e8f-7',
    });
    expect(keptBytes(observed)).toBeLessThan(HEADS_BYTES / 10);
  });

  it('is missed where a slice is kept instead', () => {
    expect(keptBytes((ordinal) => head(ordinal).slice(0, 30))).toBeGreaterThan(HEADS_BYTES / 2);
  });
});
