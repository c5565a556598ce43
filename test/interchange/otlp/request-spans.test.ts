import { expect, test } from 'vitest';
import { REQUESTS_PER_SECOND_MAX, RequestSpans } from '../../../src/interchange/otlp/request-spans.js';
import { spanIdOf } from '../../../src/interchange/otlp/span.js';
import type { Exchange } from '../../../src/journal/observations.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

const exchange = (over: Partial<Exchange> = {}): Omit<Exchange, 'kind'> => ({
  link: 'a->b',
  from: 'a',
  to: 'b',
  connection: 1,
  ordinal: 1,
  method: 'GET',
  path: '/stock/7?token=secret',
  startMs: 5_000,
  endMs: 5_020,
  status: 503,
  end: 'complete',
  bytesUp: 1,
  bytesDown: 1,
  applied: ['r/gray'],
  ...over,
});
const inPlace = (atMs: number): number => 1_000_000 + atMs;
const spanOf = (over: Partial<Exchange>) => new RequestSpans('r').spanOf(exchange(over), inPlace);

test('a request that a fault touched hangs under that fault, with no query that may hold a secret', () => {
  const span = spanOf({});
  expect(span).toMatchObject({
    name: 'GET a->b',
    kind: 'client',
    parentSpanId: spanIdOf('r', 'fault r/gray'),
    startWallMs: 1_005_000,
    endWallMs: 1_005_020,
    failure: '503',
    links: [],
  });
  expect(span?.attributes).toMatchObject({ 'url.path': '/stock/7', 'faultlab.faults': ['r/gray'], 'http.response.status_code': 503 });
  expect(JSON.stringify(span)).not.toContain('secret');
});

test('one that no fault touched is none of them, and one that got its answer has not failed', () => {
  expect(spanOf({ applied: [] })).toBeUndefined();
  const { applied: _applied, ...untouched } = exchange();
  expect(new RequestSpans('r').spanOf(untouched, inPlace)).toBeUndefined();
  expect(spanOf({ status: 200 })?.failure).toBeUndefined();
});

test('it is linked to the span that its caller says he was in, and to none where he names only a trace or nonsense', () => {
  expect(spanOf({ tokens: { traceparent: `00-${TRACE}-${SPAN}-01` } })?.links).toEqual([{ traceId: TRACE, spanId: SPAN }]);
  for (const traceparent of [TRACE, `00-${TRACE}-${'0'.repeat(16)}-01`, `00-${'0'.repeat(32)}-${SPAN}-01`, 'x'.repeat(300), ''])
    expect(spanOf({ tokens: { traceparent } })?.links).toEqual([]);
});

test('of very many a second only some are told, each fault has its own share, and the rest is counted', () => {
  const spans = new RequestSpans('r');
  const tell = (fault: string, startMs: number) => spans.spanOf(exchange({ applied: [fault], startMs }), inPlace) !== undefined;
  const told = Array.from({ length: 50 }, () => tell('r/gray', 5_000)).filter(Boolean).length;
  expect(told).toBe(REQUESTS_PER_SECOND_MAX);
  expect(spans.untold).toBe(50 - REQUESTS_PER_SECOND_MAX);
  expect(tell('r/other', 5_000)).toBe(true);
  expect(tell('r/gray', 6_000)).toBe(true);
});
