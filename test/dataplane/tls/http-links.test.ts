import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Agent, type Dispatcher } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { curl, nginxServer, nodeServer } from '../../support/http-peers.js';
import { activeFault, closedPort, until, untilEmpty } from '../../support/tcp.js';
import { connectTls, foreignAuthority, labAuthority, serveTls, type TlsLink, tlsLink } from '../../support/tls.js';

let folder: string;
let caFile: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'faultlab-tls-'));
  caFile = await fileOf('lab-ca.pem', await labAuthority.certificate());
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(name: string, text: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, text);
  return file;
}

/** Asks as undici does, trusting the lab CA, with one keep-alive connection: the status, or the code of what went wrong. */
function caller({ port }: TlsLink): AsyncDisposable & { ask(options?: Partial<Dispatcher.RequestOptions>): Promise<string> } {
  let agent: Agent | undefined;
  return {
    ask: async (options = {}) => {
      agent ??= new Agent({ connections: 1, connect: { ca: await labAuthority.certificate(), servername: 'payments.test' } });
      const request = { origin: `https://127.0.0.1:${port}`, path: '/', method: 'GET', ...options } as Dispatcher.RequestOptions;
      try {
        const { statusCode, body } = await agent.request(request);
        await body.dump();
        return String(statusCode);
      } catch (error) {
        return (error as NodeJS.ErrnoException).code ?? String(error);
      }
    },
    [Symbol.asyncDispose]: async () => agent?.destroy(),
  };
}

describe('an http link that terminates TLS', () => {
  it('is an https server to undici, on one connection for many requests', async () => {
    await using server = await nodeServer();
    await using link = await tlsLink(server.port, { protocol: 'http', tls: 'terminate' });
    await using client = caller(link);
    for (let i = 0; i < 20; i++) expect(await client.ask({ method: 'POST', body: `body ${i}` })).toBe('200');
    expect(server.heard.map(({ body }) => body)).toEqual(Array.from({ length: 20 }, (_, i) => `body ${i}`));
    expect(link.exchanges.map(({ connection, ordinal, end }) => [connection, ordinal, end])).toEqual(
      Array.from({ length: 20 }, (_, i) => [1, i + 1, 'complete']),
    );
  });

  it('is one to Node’s own client, which takes up its session again', async () => {
    await using server = await nodeServer();
    await using link = await tlsLink(server.port, { protocol: 'http', tls: 'terminate' });
    const agent = new https.Agent({ ca: await labAuthority.certificate(), servername: 'payments.test', maxCachedSessions: 10 });
    const reused: boolean[] = [];
    for (let i = 0; i < 3; i++) {
      await new Promise<void>((resolve, reject) => {
        const request = https.get({ host: '127.0.0.1', port: link.port, agent, servername: 'payments.test' }, (response) => {
          reused.push((response.socket as import('node:tls').TLSSocket).isSessionReused());
          response.resume().on('end', resolve);
        });
        request.on('error', reject);
      });
    }
    expect(reused).toEqual([false, true, true]);
    agent.destroy();
  });

  it('is one to curl, which agrees on http/1.1 though it would like h2 better', async () => {
    await using server = await nodeServer();
    await using link = await tlsLink(server.port, { protocol: 'http', tls: 'terminate' });
    const resolve = `payments.test:${link.port}:127.0.0.1`;
    const url = `https://payments.test:${link.port}/x`;
    const { exit, stdout } = await curl('--cacert', caFile, '--resolve', resolve, '--http2', '--write-out', ' %{http_version}', url);
    expect([exit, stdout]).toEqual([0, '{"method":"GET","url":"/x","body":""} 1.1']);
    expect((await curl('--resolve', resolve, url)).exit).toBe(60);
    await until('the record', () => link.connections.length === 1);
    expect(link.connections[0]).toMatchObject({
      end: 'handshakeFailed',
      handshake: { endedBy: 'client', reason: expect.stringMatching(/UNKNOWN_CA/) },
    });
  });

  it('has faults on messages and on bytes like any other', async () => {
    await using server = await nodeServer();
    await using link = await tlsLink(server.port, { protocol: 'http', tls: 'terminate' });
    await using client = caller(link);
    link.proxy.setFaults([
      activeFault({ type: 'abort', value: { status: 503 } }),
      activeFault({ type: 'latency', value: { latency: '10ms' } }),
    ]);
    expect(await client.ask()).toBe('503');
    link.proxy.setFaults([activeFault({ type: 'reset', direction: 'down', value: {} })]);
    expect(await client.ask()).toMatch(/ECONNRESET|UND_ERR_SOCKET/);
    link.proxy.setFaults([]);
    expect(await client.ask()).toBe('200');
  });

  it.each([
    ['certExpired', {}, 'CERT_HAS_EXPIRED', 'handshakeFailed'],
    ['certWrongHost', {}, 'ERR_TLS_CERT_ALTNAME_INVALID', 'handshakeFailed'],
    ['certUntrusted', { issuer: 'self' }, 'DEPTH_ZERO_SELF_SIGNED_CERT', 'handshakeFailed'],
    ['handshakeReset', {}, 'ECONNRESET', 'faultReset'],
  ])('with %s is refused by undici, and told of', async (type, value, code, end) => {
    await using server = await nodeServer();
    await using link = await tlsLink(server.port, { protocol: 'http', tls: 'terminate' });
    await using client = caller(link);
    link.proxy.setFaults([activeFault({ type, value })]);
    expect(await client.ask()).toBe(code);
    await until('the record', () => link.connections.length === 1);
    expect(link.connections[0]).toMatchObject({ end, matched: [type], applied: [type] });
    expect(server.heard).toHaveLength(0);
    link.proxy.setFaults([]);
    expect(await client.ask()).toBe('200');
  });

  it('and handshakeStall runs into the time that undici gives a connection', async () => {
    await using server = await nodeServer();
    await using link = await tlsLink(server.port, { protocol: 'http', tls: 'terminate' });
    link.proxy.setFaults([activeFault({ type: 'handshakeStall', value: { hang: true } })]);
    const agent = new Agent({ connect: { ca: await labAuthority.certificate(), timeout: 200 } });
    await expect(agent.request({ origin: `https://localhost:${link.port}`, path: '/', method: 'GET' })).rejects.toMatchObject({
      code: 'UND_ERR_CONNECT_TIMEOUT',
    });
    await agent.destroy();
    await until('the record', () => link.connections.length >= 1);
    expect(link.connections[0]).toMatchObject({ end: 'handshakeFailed', handshake: { endedBy: 'client' }, applied: ['handshakeStall'] });
  });

  it('has a flaw that a careless caller takes in its exchanges', async () => {
    await using server = await nodeServer();
    await using link = await tlsLink(server.port, { protocol: 'http', tls: 'terminate' });
    link.proxy.setFaults([activeFault({ type: 'certExpired' })]);
    const { exit } = await curl('--insecure', `https://127.0.0.1:${link.port}/`);
    expect(exit).toBe(0);
    expect(link.exchanges[0]).toMatchObject({ end: 'complete', matched: ['certExpired'], applied: ['certExpired'] });
  });

  it('is taken for what it is by openssl', async () => {
    await using server = await nodeServer();
    await using link = await tlsLink(server.port, { protocol: 'http', tls: 'terminate' });
    const args = ['s_client', '-connect', `127.0.0.1:${link.port}`, '-servername', 'payments.test', '-CAfile', caFile, '-x509_strict'];
    const verified = promisify(execFile)('openssl', [...args, '-verify_hostname', 'payments.test', '-verify_return_error']);
    verified.child.stdin?.end();
    expect((await verified).stdout).toContain('Verification: OK');
  });

  it('gives a caller that aborts at any point its sockets back', async () => {
    await using server = await nodeServer();
    await using link = await tlsLink(server.port, { protocol: 'http', tls: 'terminate' });
    await Promise.all(
      Array.from({ length: 30 }, async (_, i) => {
        const client = await connectTls(link.port);
        client.write('POST / HTTP/1.1\r\nHost: b\r\nContent-Length: 100\r\n\r\n'.slice(0, i * 2));
        if (i % 2 === 0) client.destroy();
        else client.end();
      }),
    );
    await untilEmpty(link);
  });
});

describe('an http link that originates TLS', () => {
  it('speaks to nginx, which wants to know who calls (mTLS)', async () => {
    const { authority, issue } = await foreignAuthority();
    const [own, client] = [await issue('127.0.0.1'), await issue('a.test')];
    const ca = await fileOf('ca.pem', authority.certificate);
    const certificate = await fileOf('nginx.pem', own.certificate);
    const key = await fileOf('nginx.key', own.key);
    const directives = `ssl_certificate ${certificate}; ssl_certificate_key ${key}; ssl_client_certificate ${ca}; ssl_verify_client on; ssl_protocols TLSv1.2 TLSv1.3;
      location / { return 200 "$ssl_client_s_dn over $ssl_protocol, $ssl_server_name"; }`;
    await using nginx = await nginxServer(directives, { listen: 'ssl' });
    const known = { ca, certificate: await fileOf('a.pem', client.certificate), key: await fileOf('a.key', client.key) };
    await using link = await tlsLink(nginx.port, { protocol: 'http', tls: { originate: known } });
    expect((await curl(`http://127.0.0.1:${link.port}/`)).stdout).toMatch(/^CN=a\.test over TLSv1\.3, /);
    await using both = await tlsLink(nginx.port, { protocol: 'http', tls: { terminate: true, originate: known } });
    await using caller1 = caller(both);
    expect(await caller1.ask()).toBe('200');
    await using stranger = await tlsLink(nginx.port, { protocol: 'http', tls: { originate: { ca } } });
    expect((await curl(`http://127.0.0.1:${stranger.port}/`)).stdout).toContain('No required SSL certificate was sent');
  });

  it('tells the caller and the record why a callee was not believed', async () => {
    const { issue } = await foreignAuthority();
    const { certificate: cert, key } = await issue('127.0.0.1');
    await using server = await serveTls({ cert, key }, (socket) => socket.end());
    await using link = await tlsLink(server.port, { protocol: 'http', tls: 'originate' });
    const { stdout } = await curl('--write-out', ' %{http_code}', `http://127.0.0.1:${link.port}/`);
    expect(stdout).toMatch(
      /a->b: cannot connect to 127\.0\.0\.1:\d+: UNABLE_TO_VERIFY_LEAF_SIGNATURE \(nobody whom this link trusts.*\)\s+502$/,
    );
    const handshake = { with: 'upstream', endedBy: 'proxy', reason: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' };
    expect(link.exchanges[0]).toMatchObject({ end: 'handshakeFailed', status: 502, handshake });
  });

  it('tells a callee that is not there from one that was not believed', async () => {
    await using link = await tlsLink(await closedPort(), { protocol: 'http', tls: 'originate' });
    await curl(`http://127.0.0.1:${link.port}/`);
    expect(link.exchanges[0]).toMatchObject({ end: 'connectFailed', status: 502 });
  });

  it('has TCP faults inside of TLS, between the relay and the callee', async () => {
    const { authority, issue } = await foreignAuthority();
    const { certificate: cert, key } = await issue('127.0.0.1');
    await using server = await serveTls({ cert, key }, (socket) => {
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'));
    });
    await using link = await tlsLink(server.port, { protocol: 'http', tls: { originate: { ca: authority.certificate } } });
    link.proxy.setFaults([activeFault({ type: 'latency', direction: 'down', value: { latency: '120ms' } })]);
    expect((await curl(`http://127.0.0.1:${link.port}/`)).stdout).toBe('ok');
    const [exchange] = link.exchanges;
    expect((exchange?.endMs ?? 0) - (exchange?.startMs ?? 0)).toBeGreaterThanOrEqual(120);
  });
});
