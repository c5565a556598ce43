import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { countingUpstream, get, httpProxyTo, type RawUpstream, rawUpstream, Transcript } from '../../support/http.js';
import { curl, nodeServer } from '../../support/http-peers.js';
import { activeFault } from '../../support/tcp.js';

const GOLD = { type: 'abort', match: { path: '/orders*', body: { '$.customer.tier': 'gold*' } } };

function post(body: string | Buffer, { path = '/orders', fields = '' }: { path?: string; fields?: string } = {}): Buffer {
  const bytes = Buffer.from(body);
  const head = `POST ${path} HTTP/1.1\r\nHost: b\r\nContent-Type: application/json\r\n${fields}Content-Length: ${bytes.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), bytes]);
}
const order = (tier: string, more = ''): string => JSON.stringify({ customer: { tier, id: tier }, more });

/** A callee that answers every request on a connection when `isWhole` of what came says so. */
function patientUpstream(ends: readonly string[]): Promise<RawUpstream> {
  return rawUpstream((transcript) => {
    let answered = 0;
    transcript.socket.on('data', () => {
      const whole = ends.filter((end) => transcript.text.includes(end)).length;
      for (; answered < whole; answered++) transcript.socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    });
    transcript.socket.on('end', () => transcript.socket.end());
  });
}

/** What each request, sent one after the other on a connection of its own, was answered with. */
async function statuses(
  spec: Parameters<typeof activeFault>[0],
  requests: readonly Buffer[],
  end = '}',
): Promise<{ statuses: unknown[]; counts: object }> {
  await using upstream = await patientUpstream([end]);
  await using link = await httpProxyTo(upstream.port);
  const fault = activeFault(spec);
  link.proxy.setFaults([fault]);
  for (const [n, request] of requests.entries()) {
    const caller = new Transcript(link.dial());
    caller.socket.write(request);
    await expect.poll(() => link.exchanges.length, { timeout: 5_000 }).toBe(n + 1);
    caller.socket.destroy();
  }
  return { statuses: link.exchanges.map((e) => e.status), counts: fault.counts };
}

describe('a condition on the body', () => {
  it('chooses by what a JSONPath finds, together with the conditions on the head', async () => {
    const requests = [post(order('gold')), post(order('silver')), post(order('golden')), post(order('gold'), { path: '/other' })];
    expect(await statuses(GOLD, requests)).toMatchObject({ statuses: [503, 200, 503, 200], counts: { matched: 2, applied: 2, unread: 0 } });
  });

  it('does not hold for a body that is encoded, too large or no JSON, and counts those', async () => {
    const large = post(order('gold', 'x'.repeat(70_000)));
    const encoded = post(gzipSync(order('gold')), { fields: 'Content-Encoding: gzip\r\n' });
    const form = post('customer.tier=gold}');
    const { statuses: got, counts } = await statuses(GOLD, [large, form, post(order('gold'))]);
    expect(got).toEqual([200, 200, 503]);
    expect(counts).toMatchObject({ matched: 1, applied: 1, unread: 2 });
    expect(await statuses(GOLD, [encoded], '\r\n\r\n')).toMatchObject({ statuses: [200], counts: { matched: 0, unread: 1 } });
  });

  it('looks into what curl -d and fetch send, whatever they call it', async () => {
    await using server = await nodeServer();
    await using link = await httpProxyTo(server.port);
    const fault = activeFault(GOLD);
    link.proxy.setFaults([fault]);
    const url = `http://127.0.0.1:${link.port}/orders`;
    for (const body of [order('gold'), order('silver'), 'customer.tier=gold']) await curl('-d', body, url);
    for (const tier of ['gold', 'silver']) await fetch(url, { method: 'POST', body: order(tier), headers: { connection: 'close' } });
    expect(link.exchanges.map(({ status }) => status)).toEqual([503, 200, 200, 503, 200]);
    expect(fault.counts).toMatchObject({ matched: 2, applied: 2, unread: 1 });
  });

  it('says nothing of a request without a body', async () => {
    const bare = Buffer.from(get('/orders'));
    expect(await statuses(GOLD, [bare], '\r\n\r\n')).toMatchObject({ statuses: [200], counts: { matched: 0, unread: 0 } });
  });

  it('is known to a fault that acts on the response', async () => {
    const slow = { ...GOLD, direction: 'down' as const, match: { ...GOLD.match, status: 200 } };
    const requests = [post(order('gold')), post(order('silver'))];
    expect(await statuses(slow, requests)).toMatchObject({ statuses: [503, 200], counts: { matched: 1, applied: 1, unread: 0 } });
  });
});

describe('a key in the body', () => {
  it('puts all requests with one value into one place', async () => {
    const spec = { type: 'abort', keyBy: 'jsonpath:$.customer.id', nth: 2 };
    const requests = ['ann', 'bob', 'ann', 'ann', 'bob'].map((id) => post(order(id)));
    expect((await statuses(spec, requests)).statuses).toEqual([200, 200, 503, 200, 503]);
  });
});

describe('a head that waits for its body', () => {
  it('goes on with all that came, byte for byte, however it came', async () => {
    await using upstream = await patientUpstream(['1\r\n}\r\n0\r\n\r\n', 'GET /next']);
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([activeFault(GOLD)]);
    const caller = new Transcript(link.dial());
    const request = `POST /orders HTTP/1.1\r\nHost: b\r\nTransfer-Encoding: chunked\r\n\r\n1;x\r\n{\r\n1\r\n}\r\n0\r\n\r\n`;
    const text = request + get('/next');
    for (const byte of text) caller.socket.write(byte, 'latin1');
    await caller.until('two answers', (answers) => answers.split('ok').length === 3);
    expect(upstream.received()).toBe(text);
  });

  it('shows the callee nothing while it waits, and keeps the order of what follows', async () => {
    await using upstream = await patientUpstream(['"silver"', 'GET /next']);
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([activeFault(GOLD)]);
    const caller = new Transcript(link.dial());
    const request = post(order('silver'));
    caller.socket.write(request.subarray(0, -10));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(upstream.received()).toBe('');
    caller.socket.write(Buffer.concat([request.subarray(-10), Buffer.from(get('/next'))]));
    await caller.until('two answers', (answers) => answers.split('ok').length === 3);
    expect(upstream.received()).toBe(`${request.toString('latin1')}${get('/next')}`);
  });

  it('does not wait for a body that the caller holds back until it is asked', async () => {
    await using upstream = await rawUpstream((transcript) => {
      transcript.socket.once('data', () => transcript.socket.write('HTTP/1.1 100 Continue\r\n\r\n'));
      transcript.socket.on('data', () => {
        if (transcript.text.endsWith('}')) transcript.socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
      });
    });
    await using link = await httpProxyTo(upstream.port);
    const fault = activeFault(GOLD);
    link.proxy.setFaults([fault]);
    const caller = new Transcript(link.dial());
    const request = post(order('gold'), { fields: 'Expect: 100-continue\r\n' });
    const bodyAt = request.indexOf('\r\n\r\n') + 4;
    caller.socket.write(request.subarray(0, bodyAt));
    await caller.includes('100 Continue');
    caller.socket.write(request.subarray(bodyAt));
    await caller.includes('200 OK');
    expect(fault.counts).toMatchObject({ matched: 0, unread: 1 });
  });

  it('goes on when the fault that wanted to know goes', async () => {
    await using upstream = await rawUpstream();
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([activeFault(GOLD)]);
    const caller = new Transcript(link.dial());
    const half = post(order('gold')).subarray(0, -10);
    caller.socket.write(half);
    await new Promise((resolve) => setTimeout(resolve, 30));
    link.proxy.setFaults([]);
    await expect.poll(() => upstream.received()).toBe(half.toString('latin1'));
  });

  it('is recorded when the caller goes away, and leaves nothing behind', async () => {
    await using upstream = await countingUpstream();
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([activeFault(GOLD)]);
    const gone = link.dial();
    gone.write(post(order('gold')).subarray(0, -10));
    await expect.poll(() => link.proxy.stats().connections).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 30));
    gone.resetAndDestroy();
    await expect.poll(() => link.exchanges.map((e) => e.end)).toEqual(['clientReset']);
    await expect.poll(() => link.proxy.stats().connections).toBe(0);
    expect(upstream.accepted).toHaveLength(0);
  });

  it('goes on as far as it came when the caller half-closes in the middle', async () => {
    await using upstream = await rawUpstream((transcript) => transcript.socket.on('end', () => transcript.socket.end()));
    await using link = await httpProxyTo(upstream.port);
    const fault = activeFault(GOLD);
    link.proxy.setFaults([fault]);
    const caller = new Transcript(link.dial());
    const half = post(order('gold')).subarray(0, -10);
    caller.socket.end(half);
    await expect.poll(() => upstream.received()).toBe(half.toString('latin1'));
    await caller.end();
    expect(fault.counts).toMatchObject({ matched: 0, unread: 1 });
  });

  it('pauses no caller whose body is just within the bound', async () => {
    const exact = order('gold', 'x'.repeat(65_536 - order('gold').length));
    expect(await statuses(GOLD, [post(exact)])).toMatchObject({ statuses: [503], counts: { applied: 1 } });
  });
});
