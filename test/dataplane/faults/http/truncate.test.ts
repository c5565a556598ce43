import { gunzipSync } from 'node:zlib';
import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import { truncate } from '../../../../src/dataplane/faults/http/truncate.js';
import { effectsOf } from '../../../support/effects.js';
import { get, httpProxyTo, rawUpstream, Transcript } from '../../../support/http.js';
import { answer, decider } from '../../../support/http-fault.js';
import { curl, fate, nginxServer, nodeServer, undiciCaller } from '../../../support/http-peers.js';
import { data } from '../../../support/pipeline.js';
import { activeFault, untilEmpty } from '../../../support/tcp.js';

const lengthOf10 = answer(200, { 'Content-Length': '10' });
const chunked = answer(200, { 'Transfer-Encoding': 'chunked' });

/** What it makes of a message: the length that the head gets, and the transform of the body. */
function cut(value: object, response: string) {
  const decision = decider(truncate, value)({ response });
  if (decision.kind !== 'edit' || decision.body?.kind !== 'stream') return { length: decision.kind, take: () => [] };
  const { length, open } = decision.body;
  const transform = open();
  return { length, take: (text: string) => effectsOf(transform, text === '' ? { kind: 'end' } : data(text)) };
}

describe('truncate', () => {
  it('with the wrong length keeps the head and ends the connection in the middle', () => {
    const { length, take } = cut({ after: '4B' }, lengthOf10);
    expect(length).toBe('same');
    expect(take('abc')).toEqual(['bytes:abc 0']);
    expect(take('defghij')).toEqual(['bytes:d 0', 'close 0']);
  });

  it('with the right length says so in the head and ends the message', () => {
    const { length, take } = cut({ share: '40%', length: 'right' }, lengthOf10);
    expect(length).toBe(4);
    expect(take('abcdefghij')).toEqual(['bytes:abcd 0', 'end 0']);
  });

  it('leaves a body alone that is not longer', () => {
    expect(cut({ after: '10B' }, lengthOf10).length).toBe('continue');
    expect(cut({ share: 100 }, lengthOf10).length).toBe('continue');
    const { take } = cut({ after: '10B' }, chunked);
    expect([...take('abc'), ...take('')]).toEqual(['bytes:abc 0', 'pass 0']);
  });

  it('waits for a body of unknown length, to know a share of it', () => {
    const right = cut({ share: '50%', length: 'right' }, chunked);
    expect(right.length).toBe('unknown');
    expect([...right.take('abcd'), ...right.take('ef')]).toEqual(['tickIn 10000']);
    expect(right.take('')).toEqual(['bytes:abc 0', 'end 0']);
    const wrong = cut({ share: '50%' }, chunked);
    expect([wrong.length, ...wrong.take('abcd'), ...wrong.take('')]).toEqual(['same', 'tickIn 10000', 'bytes:ab 0', 'close 0']);
  });

  it('waits for no more than 256 KiB of it, no longer than ten seconds, and not beyond its own end', () => {
    const long = cut({ share: '50%' }, chunked);
    const [passed, close] = long.take('x'.repeat(300_000)).slice(1);
    expect([passed?.length, close]).toEqual(['bytes: 0'.length + 128 * 1024, 'close 0']);
    const slow = decider(truncate, { share: '50%' })({ response: chunked });
    const transforms = [0, 1].map(() => slow.kind === 'edit' && slow.body?.kind === 'stream' && slow.body.open());
    const [late, removed] = transforms.map((transform) => transform || (() => {}));
    for (const transform of [late, removed]) effectsOf(transform as never, data('abcd'));
    expect(effectsOf(late as never, { kind: 'tick' })).toEqual(['bytes:ab 0', 'close 0']);
    expect(effectsOf(removed as never, { kind: 'removed' }), 'nothing is lost').toEqual(['bytes:abcd 0']);
  });

  it.each([
    {},
    { length: 'right' },
    { after: '1B', share: 50 },
    { after: 1 },
    { after: '-1B' },
    { share: '101%' },
    { after: '1B', length: 'exact' },
    { after: '1B', ending: 'close' },
  ])('refuses %j', (value) => {
    expect(truncate.schema.safeParse(value).success).toBe(false);
  });

  it('with the wrong length is noticed by undici and curl, and leaves no connection behind', async () => {
    await using server = await nodeServer((heard, response) => {
      if (heard.url === '/chunks') response.write('0123');
      response.end('0123456789');
    });
    await using link = await httpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'truncate', value: { after: '4B' } })]);
    for (const path of ['/length', '/chunks']) {
      await using caller = undiciCaller(link.port);
      expect(await fate(caller.ask(path))).toBe('UND_ERR_SOCKET');
      const { exit, stdout } = await curl(`http://127.0.0.1:${link.port}${path}`);
      expect({ exit, stdout }).toEqual({ exit: 18, stdout: '0123' });
    }
    await untilEmpty(link);
    expect(link.exchanges.map(({ status, applied }) => [status, applied])).toEqual(Array(4).fill([200, ['truncate']]));
  });

  it('with the right length is a whole message for everybody, and the connection goes on', async () => {
    await using server = await rawUpstream(({ socket }) => {
      socket.on('data', (bytes: Buffer) => {
        const isChunked = bytes.includes('/chunks');
        socket.write(
          isChunked ? 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n' : 'HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: 10\r\n\r\n',
        );
        socket.write(isChunked ? '3\r\n012\r\n7\r\n3456789\r\n0\r\n\r\n' : '0123456789');
      });
    });
    await using link = await httpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'truncate', value: { share: '40%', length: 'right' } })]);
    const caller = new Transcript(link.dial());
    caller.socket.write(get('/length'));
    expect(await caller.includes('0123')).toBe('HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: 4\r\n\r\n0123');
    caller.socket.write(get('/chunks'));
    await caller.includes('0\r\n\r\n');
    expect(caller.text).toMatch(/Transfer-Encoding: chunked\r\n\r\n4\r\n0123\r\n0\r\n\r\n$/);
    await using undici = undiciCaller(link.port);
    for (const path of ['/length', '/chunks', '/length']) expect(await undici.ask(path)).toMatchObject({ status: 200, body: '0123' });
    expect(server.accepted).toHaveLength(2);
  });

  it('with the wrong length leaves a body in chunks whole that is not longer', async () => {
    await using server = await nodeServer((_heard, response) => {
      response.write('0123');
      response.end('456789');
    });
    await using link = await httpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'truncate', value: { after: '11B' } })]);
    expect(await curl(`http://127.0.0.1:${link.port}/`)).toMatchObject({ exit: 0, stdout: '0123456789' });
  });

  it('leaves answers without a body alone', async () => {
    await using server = await nodeServer((_heard, response) => {
      response.setHeader('content-length', 10);
      response.end();
    });
    await using link = await httpProxyTo(server.port);
    for (const length of ['right', 'wrong']) {
      link.proxy.setFaults([activeFault({ type: 'truncate', value: { after: '4B', length } })]);
      await using caller = undiciCaller(link.port);
      expect(await caller.ask('/', { method: 'HEAD' })).toMatchObject({ status: 200, headers: { 'content-length': '10' } });
    }
  });

  it('cuts what nginx has compressed, so that a decoder notices what the framing does not tell', async () => {
    await using server = await nginxServer(
      `gzip on; gzip_types text/plain; gzip_min_length 1; default_type text/plain; return 200 '${'nginx '.repeat(100)}';`,
    );
    await using link = await httpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'truncate', value: { share: '50%', length: 'right' } })]);
    const { headers, body } = await request(`http://127.0.0.1:${link.port}/`, { headers: { 'accept-encoding': 'gzip' } });
    const bytes = Buffer.from(await body.arrayBuffer());
    expect(headers).toMatchObject({ 'content-encoding': 'gzip', 'transfer-encoding': 'chunked' });
    expect(() => gunzipSync(bytes)).toThrow('unexpected end of file');
    expect(link.exchanges).toMatchObject([{ status: 200, end: 'complete' }]);
  });

  it('cuts a request: the callee gets a whole one that is shorter, or half of one and the end', async () => {
    await using server = await nodeServer();
    await using link = await httpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'truncate', direction: 'up', value: { after: '4B', length: 'right' } })]);
    await using caller = undiciCaller(link.port);
    expect(JSON.parse((await caller.ask('/', { method: 'POST', body: '0123456789' })).body)).toMatchObject({ body: '0123' });
    expect(server.heard[0]?.headers['content-length']).toBe('4');
    link.proxy.setFaults([activeFault({ type: 'truncate', direction: 'up', value: { after: '4B', length: 'wrong' } })]);
    expect(await fate(caller.ask('/', { method: 'POST', body: '0123456789' }))).not.toMatch(/200|TimeoutError/);
    await untilEmpty(link);
    expect(server.heard).toHaveLength(1);
  });
});
