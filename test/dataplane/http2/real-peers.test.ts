/** HTTP/2 links between programs that are not ours: curl, nginx, Node's client and server, grpc-js; in the clear and over TLS. */
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http2 from 'node:http2';
import type net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { curl, nginxServer } from '../../support/http-peers.js';
import { answerOf, http2Callee, http2ProxyTo } from '../../support/http2.js';
import { activeFault, pattern, until, untilEmpty } from '../../support/tcp.js';
import { connectTls, foreignAuthority, labAuthority, tlsLink } from '../../support/tls.js';

const PRIOR = '--http2-prior-knowledge';
const NO_ANSWER = /^(7|16|18|52|56) {2}000$/;

describe('an HTTP/2 link between curl and nginx', () => {
  it('carries what they say', async () => {
    await using nginx = await nginxServer(`location / { return 200 "$server_protocol $request_method $http_x_a"; }`, { listen: 'http2' });
    await using link = await http2ProxyTo(nginx.port);
    const url = `http://127.0.0.1:${link.port}`;
    const said = await curl(PRIOR, '-H', 'X-A: b', '--write-out', ' %{http_version} %{http_code}', `${url}/x`);
    expect(said).toMatchObject({ exit: 0, stdout: 'HTTP/2.0 GET b 2 200' });
    expect((await curl(PRIOR, '--head', `${url}/x`)).stdout).toMatch(/^HTTP\/2 200 \r\n/);
    // Each on a connection of its own: this curl breaks its framing itself when it uses one again.
    const many = await Promise.all(Array.from({ length: 8 }, (_, i) => curl(PRIOR, '--data', `body ${i}`, `${url}/${i}`)));
    expect(many.map(({ stdout }) => stdout)).toEqual(many.map(() => 'HTTP/2.0 POST '));
    await until('all are recorded', () => link.exchanges.length === 10);
    expect(new Set(link.exchanges.map(({ end }) => end))).toEqual(new Set(['complete']));
  });

  it('shows curl what faults do', async () => {
    await using nginx = await nginxServer('location / { return 200 "all of it"; }', { listen: 'http2' });
    await using link = await http2ProxyTo(nginx.port);
    const url = `http://127.0.0.1:${link.port}/`;
    const seen = async (fault: Parameters<typeof activeFault>[0]): Promise<string> => {
      link.proxy.setFaults([activeFault(fault)]);
      const { exit, stdout } = await curl(PRIOR, '--write-out', ' %{http_code}', url);
      return `${exit} ${stdout}`;
    };
    expect(await seen({ type: 'abort', value: { status: 418, body: 'injected' } })).toBe('0 injected 418');
    expect(await seen({ type: 'patch', value: { status: 203 } })).toBe('0 all of it 203');
    // 92: a stream was not closed cleanly; 16: a framing error; 7, 18, 52, 56: an end without an answer.
    expect(await seen({ type: 'rstStream', value: { code: 'INTERNAL_ERROR' } })).toBe('92  000');
    expect(await seen({ type: 'truncate', value: { after: '3B', length: 'wrong' } })).toBe('92 all 200');
    expect(await seen({ type: 'garbage' })).toMatch(NO_ANSWER);
    expect(await seen({ type: 'emptyResponse' })).toMatch(NO_ANSWER);
    expect(await seen({ type: 'reset' })).toMatch(NO_ANSWER);
  });

  it('refuses HTTP/1.1 from callers, and from callees, and says so in the record', async () => {
    await using nginx = await nginxServer('location / { return 200 "one"; }');
    await using link = await http2ProxyTo(nginx.port);
    expect((await curl('--http1.1', '--http0.9', `http://127.0.0.1:${link.port}/`)).stdout).not.toContain('one');
    await until('it is recorded', () => link.exchanges.length === 1);
    expect(link.exchanges[0]).toMatchObject({ method: '-', end: 'malformedRequest', endedBy: 'link' });
    const caller = link.dial();
    await caller.ask({});
    await until('it is recorded', () => link.exchanges.length === 2);
    // nginx says 400 and resets, and one of the two is seen first.
    expect(['malformedResponse', 'upstreamReset']).toContain(link.exchanges[1]?.end);
    await untilEmpty(link);
  });
});

describe('an HTTP/2 link and bodies', () => {
  it('bring 32 MiB through both ways, byte for byte, with little in memory', async () => {
    const body = pattern(32 * 1024 * 1024);
    const server = http2.createServer();
    server.on('stream', (stream) => {
      stream.respond({ ':status': 200 });
      stream.pipe(stream);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    await using link = await http2ProxyTo((server.address() as net.AddressInfo).port);
    // What the caller has to send counts as memory of its session.
    const stream = link.dial({ maxSessionMemory: 100 }).open({ ':method': 'POST' });
    const chunks: Buffer[] = [];
    let heldBytesMax = 0;
    stream.on('data', (bytes: Buffer) => {
      chunks.push(bytes);
      heldBytesMax = Math.max(heldBytesMax, link.proxy.stats().heldBytes);
    });
    stream.end(body);
    await once(stream, 'close');
    expect(Buffer.concat(chunks).equals(body)).toBe(true);
    expect(heldBytesMax).toBe(0);
    server.close();
  });

  it('stop the callee when the caller does not read', async () => {
    let takenBytes = 0;
    await using callee = await http2Callee(({ stream }) => {
      stream.respond({ ':status': 200 });
      for (let i = 0; i < 1_000; i++) stream.write(Buffer.alloc(10_000), () => (takenBytes += 10_000));
      stream.end();
    });
    await using link = await http2ProxyTo(callee.port);
    const stream = link.dial().open({});
    await once(stream, 'response');
    const stalledBytes = await settled(() => takenBytes);
    expect(stalledBytes).toBeLessThan(1_000_000);
    const answered = answerOf(stream);
    stream.resume();
    expect((await answered).body).toHaveLength(10_000_000);
  });
});

/** A figure that has not changed for a while. */
async function settled(figure: () => number): Promise<number> {
  let before = -1;
  while (before !== figure()) {
    before = figure();
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  return before;
}

describe('an HTTP/2 link over TLS', () => {
  it('agrees on h2 with its callers, and speaks in the clear to the callee', async () => {
    await using callee = await http2Callee();
    await using link = await tlsLink(callee.port, { protocol: 'http2', tls: 'terminate' });
    const socket = await connectTls(link.port, { ALPNProtocols: ['h2', 'http/1.1'] });
    expect(socket.alpnProtocol).toBe('h2');
    const session = http2.connect('https://payments.test', { createConnection: () => socket });
    expect(await answerOf(session.request({ ':path': '/x' }))).toMatchObject({ status: 200, body: 'hello' });
    expect(callee.requests[0]?.headers).toMatchObject({ ':scheme': 'https', ':path': '/x' });
    link.proxy.setFaults([activeFault({ type: 'abort' }), activeFault({ type: 'latency', value: { latency: '5ms' } })]);
    expect(await answerOf(session.request({}))).toMatchObject({ status: 503 });
    session.destroy();
    await untilEmpty(link);
    expect(link.exchanges).toMatchObject([{ status: 200 }, { status: 503 }]);
  });

  it('refuses callers that do not want to speak h2', async () => {
    await using callee = await http2Callee();
    await using link = await tlsLink(callee.port, { protocol: 'http2', tls: 'terminate' });
    await expect(connectTls(link.port, { ALPNProtocols: ['http/1.1'] })).rejects.toMatchObject({
      code: 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL',
    });
  });

  it('agrees on h2 with its callee', async () => {
    const { authority, issue } = await foreignAuthority();
    const { certificate: cert, key } = await issue('127.0.0.1');
    const server = http2.createSecureServer({ cert, key });
    server.on('stream', (stream, headers) => {
      stream.respond({ ':status': 200 });
      stream.end(`${headers[':path']} over ${(stream.session as http2.Http2Session).alpnProtocol}`);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as net.AddressInfo;
    await using link = await tlsLink(port, { protocol: 'http2', tls: { originate: { ca: authority.certificate } } });
    const said = await curl(PRIOR, `http://127.0.0.1:${link.port}/x`);
    expect(said).toMatchObject({ exit: 0, stdout: '/x over h2' });
    await using stranger = await tlsLink(port, { protocol: 'http2', tls: 'originate' });
    const { stdout } = await curl(PRIOR, '--write-out', ' %{http_code}', `http://127.0.0.1:${stranger.port}/x`);
    expect(stdout).toMatch(/UNABLE_TO_VERIFY_LEAF_SIGNATURE \(.*\)\s+502$/);
    await until('it is recorded', () => stranger.exchanges.length === 1);
    expect(stranger.exchanges[0]).toMatchObject({ end: 'handshakeFailed', status: 502, handshake: { with: 'upstream' } });
    server.close();
  });

  it('is known to curl by the lab CA', async () => {
    await using callee = await http2Callee();
    await using link = await tlsLink(callee.port, { protocol: 'http2', tls: 'terminate' });
    const folder = await mkdtemp(join(tmpdir(), 'faultlab-h2-'));
    await writeFile(join(folder, 'ca.pem'), await labAuthority.certificate());
    const resolve = `payments.test:${link.port}:127.0.0.1`;
    const url = `https://payments.test:${link.port}/x`;
    const said = await curl('--cacert', join(folder, 'ca.pem'), '--resolve', resolve, '--write-out', ' %{http_version}', url);
    expect(said).toMatchObject({ exit: 0, stdout: 'hello 2' });
    await rm(folder, { recursive: true });
  });
});
