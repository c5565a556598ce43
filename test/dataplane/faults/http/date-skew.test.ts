import { describe, expect, it } from 'vitest';
import type { BodyEdit, HeadEdit } from '../../../../src/dataplane/faults/fault.js';
import { dateSkew } from '../../../../src/dataplane/faults/http/date-skew.js';
import { get, httpProxyTo } from '../../../support/http.js';
import { answer, decider, editBody } from '../../../support/http-fault.js';
import { nginxServer, nodeServer, undiciCaller } from '../../../support/http-peers.js';
import { activeFault } from '../../../support/tcp.js';

const NOON = 'Sat, 21 Nov 2026 12:00:00 GMT';
const edit = (decision: unknown) => decision as { head: HeadEdit; body?: BodyEdit };

describe('dateSkew', () => {
  it.each([
    {},
    { ahead: '5m', behind: '5m' },
    { ahead: 300 },
    { ahead: '-5m' },
    { ahead: '999ms' },
    { ahead: '1000000h' },
    { ahead: '5m', headers: ['content-length'] },
    { ahead: '5m', fields: 'exp' },
    { offset: '5m' },
  ])('refuses %j', (value) => {
    expect(dateSkew.schema.safeParse(value).success).toBe(false);
  });

  it('moves the dates of an answer, and no other header', () => {
    const fields = { Date: NOON, 'Last-Modified': NOON, Expires: '0', 'Retry-After': '120', 'X-Date': NOON, ETag: NOON };
    expect(decider(dateSkew, { ahead: '5m' })({ response: answer(200, fields) })).toEqual({
      kind: 'edit',
      head: { set: { date: 'Sat, 21 Nov 2026 12:05:00 GMT', 'last-modified': 'Sat, 21 Nov 2026 12:05:00 GMT' } },
    });
  });

  it('moves what the plan names instead', () => {
    const decide = decider(dateSkew, { behind: '24h', headers: ['X-Date'], fields: [] });
    const { head, body } = edit(decide({ response: answer(200, { date: NOON, 'X-Date': NOON, 'content-type': 'application/json' }) }));
    expect(head.set).toEqual({ 'x-date': 'Fri, 20 Nov 2026 12:00:00 GMT' });
    expect(body).toBeUndefined();
  });

  it('moves the conditions of a request', () => {
    const decide = decider(dateSkew, { behind: '1h' });
    expect(edit(decide({ request: get('/', { 'If-Modified-Since': NOON, 'If-Range': '"etag"' }) })).head.set).toEqual({
      'if-modified-since': 'Sat, 21 Nov 2026 11:00:00 GMT',
    });
  });

  it('moves token times in JSON at any depth, and keeps what is signed', () => {
    const { body } = edit(decider(dateSkew, { ahead: '60s' })({ response: answer(200, { 'content-type': 'application/json' }) }));
    const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3OTUyNjU3MzZ9.c2ln';
    const text = `{"access_token":"${jwt}", "exp":1795265736, "n":[{"expires_in": 3600, "issuedAt":"2026-11-21T12:00:00Z"}], "amount":1795265736, "nbf":null}`;
    expect(editBody(body, [text]).toString()).toBe(
      text.replace('"exp":1795265736', '"exp":1795265796').replace('3600', '3660').replace('12:00:00Z', '12:01:00Z'),
    );
  });
});

describe('dateSkew on a link', () => {
  it('moves what nginx says of the time', async () => {
    await using server = await nginxServer(`location / { add_header Last-Modified "${NOON}"; expires 1h; return 200 "page"; }`);
    await using link = await httpProxyTo(server.port);
    await using caller = undiciCaller(link.port);
    const dates = async () => {
      const { headers, body } = await caller.ask();
      expect(body).toBe('page');
      return ['date', 'last-modified', 'expires'].map((name) => Date.parse(String(headers[name])));
    };
    const [nowMs = 0, , expiresMs = 0] = await dates();
    link.proxy.setFaults([activeFault({ type: 'dateSkew', value: { behind: '48h' } })]);
    const moved = await dates();
    const agoMs = 48 * 3_600e3;
    expect(moved[1]).toBe(Date.parse(NOON) - agoMs);
    for (const [i, beforeMs] of [
      [0, nowMs],
      [2, expiresMs],
    ] as const) {
      expect((moved[i] ?? 0) - (beforeMs - agoMs)).toBeGreaterThanOrEqual(0);
      expect((moved[i] ?? 0) - (beforeMs - agoMs)).toBeLessThan(60_000);
    }
  });

  it('hands out tokens that have run out', async () => {
    const token = { access_token: 'a.b.c', expires_in: 3_600, exp: 1_795_269_336 };
    await using server = await nodeServer((_heard, response) =>
      response.setHeader('content-type', 'application/json').end(JSON.stringify(token)),
    );
    await using link = await httpProxyTo(server.port);
    await using caller = undiciCaller(link.port);
    link.proxy.setFaults([activeFault({ type: 'dateSkew', value: { behind: '2h' } })]);
    expect(JSON.parse((await caller.ask('/token')).body)).toEqual({ access_token: 'a.b.c', expires_in: 0, exp: 1_795_262_136 });
  });
});
