import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLine } from '../../../src/interchange/logs/access-log.js';

const TEN = Date.UTC(2026, 10, 21, 10);

describe('a line of an access log', () => {
  it.each([
    [
      'common, nothing about time',
      '::1 - bob [21/Nov/2026:10:00:00 +0000] "GET /a?x=1 HTTP/1.1" 200 5',
      { atMs: TEN, path: '/a', status: 200, tookMs: null },
    ],
    [
      'nginx with $request_time, which is of the end',
      '1.2.3.4 - - [21/Nov/2026:11:00:00 +0100] "POST /b HTTP/2.0" 503 - "-" "x y" 0.250',
      { atMs: TEN - 250, method: 'POST', tookMs: 250 },
    ],
    [
      'nginx with the times by name',
      '1.2.3.4 - - [21/Nov/2026:10:00:00 +0000] "GET /b HTTP/1.1" 200 2 "-" "x" rt=0.250 urt=-',
      { atMs: TEN - 250, tookMs: 250 },
    ],
    [
      'HAProxy, which is of the begin, by its wall clock',
      'Nov 21 10:00:00 host haproxy[1]: 127.0.0.1:53404 [21/Nov/2026:10:00:00.201] shop shop/inventory-1 0/0/1/2/31 503 120 - - ---- 1/1/0/0/0 0/0 "GET /a?x HTTP/1.1"',
      { atMs: new Date(2026, 10, 21, 10, 0, 0, 201).getTime(), host: 'inventory-1', method: 'GET', path: '/a', status: 503, tookMs: 31 },
    ],
    [
      'HAProxy, nobody asked and nobody answered',
      '127.0.0.1:53404 [21/Nov/2026:10:00:00.201] shop shop/<NOSRV> 0/-1/-1/-1/0 -1 0 - - CC-- 1/1/0/0/0 0/0 "GET / HTTP/1.1"',
      { host: '', status: 0, tookMs: 0 },
    ],
    [
      'Apache with %D',
      'h - - [21/Nov/2026:10:00:00 +0000] "GET http://h:80/c HTTP/1.1" 404 5 "-" "x" 1500',
      { path: '/c', status: 404, tookMs: 1.5 },
    ],
    [
      'nginx as JSON',
      '{"time_iso8601":"2026-11-21T10:00:00+00:00","request":"GET /d HTTP/1.1","status":"502","request_time":"0.100","upstream_addr":"10.0.0.1:80"}',
      { atMs: TEN, method: 'GET', path: '/d', status: 502, tookMs: 100, host: '10.0.0.1:80' },
    ],
    [
      'Envoy as JSON',
      '{"start_time":"2026-11-21T10:00:00.000Z","method":"PUT","path":"/e","response_code":0,"duration":31,"upstream_cluster":"pay"}',
      { method: 'PUT', path: '/e', status: 0, tookMs: 31, host: 'pay' },
    ],
    [
      'Caddy',
      `{"ts":${TEN / 1000},"request":{"host":"h","uri":"/f","method":"GET"},"duration":0.5,"status":200}`,
      { atMs: TEN, host: 'h', path: '/f', tookMs: 500 },
    ],
    [
      'Traefik',
      '{"StartUTC":"2026-11-21T10:00:00Z","RequestMethod":"GET","RequestPath":"/g","DownstreamStatus":200,"Duration":2000000,"ServiceAddr":"10.0.0.2:80"}',
      { path: '/g', tookMs: 2, host: '10.0.0.2:80' },
    ],
  ])('is read: %s', (_what, line, expected) => {
    expect(readLine(line)).toMatchObject(expected);
  });

  it.each(['', 'hello', '{', '{"status":200}', 'h - - [99/Xyz/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 5'])('is none: %j', (line) => {
    expect(readLine(line)).toBeUndefined();
  });

  it('never throws and takes no long time, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ maxLength: 2_000 }),
          fc.json(),
          fc.string({ maxLength: 200 }).map((s) => `h - - [21/Nov/2026:10:00:00 +0000] "${s}`),
        ),
        (line) => {
          readLine(line);
        },
      ),
    );
  });
});
