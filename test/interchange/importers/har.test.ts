import { describe, expect, it } from 'vitest';
import { har } from '../../../src/interchange/importers/har.js';
import { planOf } from '../../support/imported.js';

const entry = (atMs: number, { status = 200, time = 40, url = 'http://api.example:8080/pay?card=1' } = {}) => ({
  startedDateTime: new Date(Date.UTC(2026, 10, 21) + atMs).toISOString(),
  time,
  request: { method: 'POST', url },
  response: { status },
});
/** Ten calm windows, and from 40 s to 60 s slow and failing ones. */
const ENTRIES = Array.from({ length: 200 }, (_, i) => {
  const atMs = i * 500;
  const isBad = atMs >= 40_000 && atMs < 60_000;
  return entry(atMs, isBad ? { time: 900, status: i % 2 === 0 ? 503 : 200 } : {});
});
const read = (entries: unknown) => har.read(JSON.stringify({ log: { entries } }), { file: 'x.har', name: 'incident' });

describe('a HAR', () => {
  it('becomes the weather that it saw: when, how slow, how faulty', () => {
    const imported = read(ENTRIES);
    expect(har.recognises(JSON.stringify({ log: { entries: ENTRIES } }))).toBe(true);
    const { steps, links } = planOf(imported);
    expect(links).toMatchObject([{ from: 'app-1', to: 'api.example-1', listen: '127.0.0.1:15001', protocol: 'http' }]);
    expect(steps.map(({ name, takesMs, fault }) => [name, takesMs, fault?.spec.type, fault?.spec.percentage, fault?.spec.value])).toEqual([
      ['api.example-40s', 40_000, undefined, undefined, undefined],
      ['api.example-slow', 20_000, 'delay', 100, { delay: '860ms' }],
      ['api.example-failing', 20_000, 'abort', 50, { status: 503 }],
    ]);
    expect(imported.notCarried).toEqual([]);
  });

  it('without an incident says so', () => {
    const imported = read(Array.from({ length: 50 }, (_, i) => entry(i * 500)));
    expect(imported.notCarried).toContain('nothing in the log was worse than its calm: there is no incident to replay');
    expect(planOf(imported).steps).toHaveLength(1);
  });

  it('is refused when it is none', () => {
    expect(() => read([{ startedDateTime: 'yesterday' }])).toThrow(/x\.har: cannot be read: .*startedDateTime/);
  });
});
