import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { closeCode, closedPort, dial, echo, pattern, readToEnd, serve, until, untilEmpty, wait } from '../../support/tcp.js';
import { connectTls, foreignAuthority, refusal, serveTls, tlsLink } from '../../support/tls.js';

describe('a tcp link that terminates TLS', () => {
  it('hands the callee what is inside, both ways and to the last byte', async () => {
    await using server = await echo();
    await using link = await tlsLink(server.port, { tls: 'terminate' });
    const client = await connectTls(link.port);
    const sent = pattern(3_000_000);
    client.end(sent);
    expect((await readToEnd(client)).equals(sent)).toBe(true);
    await until('the record', () => link.connections.length === 1);
    expect(link.connections[0]).toMatchObject({ end: 'closed', bytesUp: sent.length, bytesDown: sent.length });
  });

  it('carries a half-close: the answer comes behind it', async () => {
    await using server = await serve((socket) => {
      socket.on('end', () => socket.end('late answer'));
      socket.resume();
    });
    await using link = await tlsLink(server.port, { tls: 'terminate' });
    const client = await connectTls(link.port);
    client.end('question');
    expect((await readToEnd(client)).toString()).toBe('late answer');
  });

  it('shows a certificate for the name that is asked for, and for its own address if none is', async () => {
    await using server = await echo();
    await using link = await tlsLink(server.port, { tls: { terminate: { names: ['extra.test'] } } });
    for (const servername of ['one.test', 'two.test']) (await connectTls(link.port, { servername })).destroy();
    const unnamed = await connectTls(link.port, { servername: '' });
    expect(unnamed.getPeerX509Certificate()?.checkHost('extra.test')).toBe('extra.test');
    unnamed.destroy();
  });

  it('takes names that are none as no name at all', async () => {
    await using server = await echo();
    await using link = await tlsLink(server.port, { tls: 'terminate' });
    const client = await connectTls(link.port, { servername: 'not a/name', rejectUnauthorized: false });
    expect(client.getPeerX509Certificate()?.checkHost('localhost')).toBe('localhost');
    client.destroy();
  });

  it('shows the certificate that it was given', async () => {
    const { authority, issue } = await foreignAuthority();
    await using server = await echo();
    await using link = await tlsLink(server.port, { tls: { terminate: await issue('payments.test') } });
    (await connectTls(link.port, { ca: authority.certificate })).destroy();
    expect(await refusal(link.port)).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  });

  it('agrees on the protocol that it likes best of those that the caller knows', async () => {
    await using server = await echo();
    await using link = await tlsLink(server.port, { tls: { terminate: true, alpn: ['mqtt', 'amqp'] } });
    const client = await connectTls(link.port, { ALPNProtocols: ['x', 'amqp', 'mqtt'] });
    expect(client.alpnProtocol).toBe('mqtt');
    client.end('bye');
    await readToEnd(client);
    expect(await refusal(link.port, { ALPNProtocols: ['x'] })).toMatch(/NO_APPLICATION_PROTOCOL/);
    await until('the record', () => link.connections.length === 2);
    expect(link.connections.find(({ end }) => end === 'handshakeFailed')).toMatchObject({
      handshake: { with: 'client', endedBy: 'proxy', reason: 'ERR_SSL_NO_APPLICATION_PROTOCOL' },
    });
  });

  it('cuts both sides with a RST when the callee does', async () => {
    await using server = await serve((socket) => socket.once('data', () => socket.resetAndDestroy()));
    await using link = await tlsLink(server.port, { tls: 'terminate' });
    const client = await connectTls(link.port);
    client.write('x');
    expect(await closeCode(client)).toBe('ECONNRESET');
    await until('the record', () => link.connections.length === 1);
    expect(link.connections[0]).toMatchObject({ end: 'upstreamReset' });
  });

  it('does not dial the callee for those whose handshake fails, and says who ended it', async () => {
    await using server = await echo();
    await using link = await tlsLink(server.port, { tls: 'terminate' });
    const plain = dial(link.port);
    plain.end('GET / HTTP/1.1\r\n\r\n');
    const silent = dial(link.port);
    await once(silent, 'connect');
    silent.end();
    await until('both records', () => link.connections.length === 2);
    expect(link.connections.map(({ end, handshake }) => [end, handshake?.endedBy, handshake?.reason])).toEqual(
      expect.arrayContaining([
        ['handshakeFailed', 'proxy', 'ERR_SSL_HTTP_REQUEST'],
        ['handshakeFailed', 'client', 'it closed the connection'],
      ]),
    );
    expect(server.accepted).toHaveLength(0);
    await untilEmpty(link);
  });

  it('tells of a caller that does not trust us that the caller has ended it', async () => {
    await using server = await echo();
    await using link = await tlsLink(server.port, { tls: 'terminate' });
    expect(await refusal(link.port, { ca: [], maxVersion: 'TLSv1.2' })).not.toBe('none');
    await until('the record', () => link.connections.length === 1);
    expect(link.connections[0]?.end === 'closed' || link.connections[0]?.handshake?.endedBy === 'client').toBe(true);
  });

  it('gives up on a caller that says nothing', async () => {
    await using server = await echo();
    await using link = await tlsLink(server.port, { tls: 'terminate' }, { handshakeTimeoutMs: 50 });
    expect(await readToEnd(dial(link.port))).toHaveLength(0);
    await until('the record', () => link.connections.length === 1);
    expect(link.connections[0]).toMatchObject({
      end: 'handshakeFailed',
      handshake: { endedBy: 'proxy', reason: 'it took longer than 50 ms' },
    });
  });

  it('has handshakes among its connections: listed, killed and ended with it', async () => {
    await using server = await echo();
    await using link = await tlsLink(server.port, { tls: 'terminate' });
    const clients = [dial(link.port), dial(link.port)];
    const closed = clients.map(closeCode);
    await until('both are seen', () => link.proxy.stats().connections === 2);
    expect(link.proxy.connections({ after: 0, max: 10 }).map(({ connection, source }) => [connection, source])).toEqual([
      [1, '127.0.0.1'],
      [2, '127.0.0.1'],
    ]);
    expect(link.proxy.kill(1)).toBe(true);
    await until('one is gone', () => link.proxy.stats().connections === 1);
    await link.proxy.close();
    expect(await Promise.all(closed)).toEqual(['ECONNRESET', 'ECONNRESET']);
    expect(link.connections.map(({ end }) => end)).toEqual(['killed', 'proxyClosed']);
  });

  it('leaks nothing when callers leave at any point of the handshake', async () => {
    await using server = await echo();
    await using link = await tlsLink(server.port, { tls: 'terminate' });
    const hello = await clientHello();
    await Promise.all(
      Array.from({ length: 40 }, async (_, i) => {
        const client = dial(link.port);
        await once(client, 'connect');
        client.write(hello.subarray(0, Math.floor((hello.length * i) / 39)));
        if (i % 2 === 0) client.destroy();
        else client.resetAndDestroy();
      }),
    );
    await until('all are gone', () => link.proxy.stats().connections === 0 && link.connections.length === 40);
    expect(new Set(link.connections.map(({ end }) => end))).toEqual(new Set(['handshakeFailed']));
  });
});

/** What a client says first. */
async function clientHello(): Promise<Buffer> {
  let hello: Buffer = Buffer.alloc(0);
  await using server = await serve((socket) =>
    socket.once('data', (bytes: Buffer) => {
      hello = bytes;
      socket.destroy();
    }),
  );
  await refusal(server.port);
  return hello;
}

describe('a tcp link that originates TLS', () => {
  it('hands the callee inside of TLS what the caller sends in the open', async () => {
    const { authority, issue } = await foreignAuthority();
    const { certificate: cert, key } = await issue('127.0.0.1');
    await using server = await serveTls({ cert, key }, (socket) => socket.pipe(socket));
    await using link = await tlsLink(server.port, { tls: { originate: { ca: authority.certificate } } });
    const client = dial(link.port);
    const sent = pattern(3_000_000);
    client.end(sent);
    expect((await readToEnd(client)).equals(sent)).toBe(true);
    expect(server.sockets).toHaveLength(1);
  });

  it('asks for a name and expects it in the certificate', async () => {
    const { authority, issue } = await foreignAuthority();
    const { certificate: cert, key } = await issue('b.test');
    const asked: unknown[] = [];
    const SNICallback = (name: string, done: (error: null) => void): void => {
      asked.push(name);
      done(null);
    };
    await using server = await serveTls({ cert, key, SNICallback }, (socket) => socket.pipe(socket));
    const { certificate: ca } = authority;
    await using good = await tlsLink(server.port, { tls: { originate: { ca, serverName: 'b.test' } } });
    const client = dial(good.port);
    client.end('x');
    expect((await readToEnd(client)).toString()).toBe('x');
    expect(asked).toEqual(['b.test']);
    await using bad = await tlsLink(server.port, { tls: { originate: { ca, serverName: 'c.test' } } });
    const refused = dial(bad.port);
    refused.write('x');
    expect(await closeCode(refused)).toBe('ECONNRESET');
    await until('the record', () => bad.connections.length === 1);
    expect(bad.connections[0]).toMatchObject({
      end: 'handshakeFailed',
      handshake: { with: 'upstream', endedBy: 'proxy', reason: 'ERR_TLS_CERT_ALTNAME_INVALID' },
    });
  });

  it('believes nobody whom it has no reason to, unless told to believe everybody', async () => {
    const { issue } = await foreignAuthority();
    const { certificate: cert, key } = await issue('127.0.0.1');
    await using server = await serveTls({ cert, key }, (socket) => socket.pipe(socket));
    await using strict = await tlsLink(server.port, { tls: 'originate' });
    await closeCode(dial(strict.port));
    await until('the record', () => strict.connections.length === 1);
    expect(strict.connections[0]).toMatchObject({ handshake: { endedBy: 'proxy', reason: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' } });
    await using lax = await tlsLink(server.port, { tls: { originate: { verify: 'none' } } });
    const client = dial(lax.port);
    client.end('x');
    expect((await readToEnd(client)).toString()).toBe('x');
  });

  it('shows who it is to a callee that asks (mTLS), and is told of a refusal', async () => {
    const { authority, issue } = await foreignAuthority();
    const { certificate: cert, key } = await issue('127.0.0.1');
    const { certificate: ca } = authority;
    await using server = await serveTls({ cert, key, ca, requestCert: true, maxVersion: 'TLSv1.2' }, (socket) => socket.pipe(socket));
    await using known = await tlsLink(server.port, { tls: { originate: { ca, ...(await issue('a.test')) } } });
    const client = dial(known.port);
    client.end('x');
    expect((await readToEnd(client)).toString()).toBe('x');
    await using unknown = await tlsLink(server.port, { tls: { originate: { ca } } });
    await closeCode(dial(unknown.port));
    await until('the record', () => unknown.connections.length === 1);
    expect(unknown.connections[0]).toMatchObject({ end: 'handshakeFailed', handshake: { with: 'upstream', endedBy: 'upstream' } });
  });

  it('tells a callee that is not there from one that speaks no TLS', async () => {
    await using plain = await serve((socket) => socket.end('220 welcome\r\n'));
    await using link = await tlsLink(plain.port, { tls: 'originate' });
    await closeCode(dial(link.port));
    await until('the record', () => link.connections.length === 1);
    expect(link.connections[0]).toMatchObject({
      end: 'handshakeFailed',
      handshake: { endedBy: 'proxy', reason: 'ERR_SSL_WRONG_VERSION_NUMBER' },
    });
    await using nobody = await tlsLink(await closedPort(), { tls: 'originate' });
    await closeCode(dial(nobody.port));
    await until('the record', () => nobody.connections.length === 1);
    expect(nobody.connections[0]).toMatchObject({ end: 'connectFailed' });
  });

  it('gives up on a callee that answers the dial and then nothing', async () => {
    await using mute = await serve(() => {});
    await using link = await tlsLink(mute.port, { tls: 'originate' }, { connectTimeoutMs: 100 });
    await closeCode(dial(link.port));
    await until('the record', () => link.connections.length === 1);
    expect(link.connections[0]).toMatchObject({ end: 'handshakeFailed', handshake: { with: 'upstream', reason: 'ETIMEDOUT' } });
  });

  it('does both, and offers the callee the protocol that the caller has agreed on', async () => {
    const { authority, issue } = await foreignAuthority();
    const { certificate: cert, key } = await issue('127.0.0.1');
    await using server = await serveTls({ cert, key, ALPNProtocols: ['mqtt', 'amqp'] }, (socket) => socket.end(`${socket.alpnProtocol}`));
    const originate = { ca: authority.certificate };
    await using link = await tlsLink(server.port, { tls: { terminate: true, originate, alpn: ['mqtt', 'amqp'] } });
    const client = await connectTls(link.port, { ALPNProtocols: ['amqp'] });
    expect((await readToEnd(client)).toString()).toBe('amqp');
  });

  it('pauses a caller that sends a lot before the callee has agreed', async () => {
    await using mute = await serve(() => {});
    await using link = await tlsLink(mute.port, { tls: 'originate' });
    const client = dial(link.port);
    client.on('error', () => {});
    for (let i = 0; i < 200; i++) client.write(Buffer.alloc(256 * 1024));
    let before = 0;
    // A machine that stands still for a moment has read nothing yet; that is no pause.
    while (before === 0 || link.proxy.stats().bytesUp !== before) {
      before = link.proxy.stats().bytesUp;
      await wait(200);
    }
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(8 * 1024 * 1024);
    client.destroy();
  });
});

describe('a proxy with TLS', () => {
  it('is not started on files that are none', async () => {
    await expect(tlsLink(1, { protocol: 'http2', tls: { terminate: true, alpn: ['http/1.1'] } })).rejects.toThrow(
      /alpn: expected h2 among them/,
    );
    await expect(tlsLink(1, { tls: { originate: { ca: '/nowhere/ca.pem' } } })).rejects.toMatchObject({ code: 'TLS_INVALID' });
    const { issue } = await foreignAuthority();
    const [one, other] = [await issue('a.test'), await issue('a.test')];
    const mixed = { certificate: one.certificate, key: other.key };
    await expect(tlsLink(1, { tls: { terminate: mixed } })).rejects.toMatchObject({ code: 'TLS_INVALID' });
  });

  it('is not needed to pass TLS through', async () => {
    const { authority, issue } = await foreignAuthority();
    const { certificate: cert, key } = await issue('payments.test');
    await using server = await serveTls({ cert, key }, (socket) => socket.end('through'));
    await using link = await tlsLink(server.port, {});
    const client = await connectTls(link.port, { ca: authority.certificate });
    expect((await readToEnd(client)).toString()).toBe('through');
  });
});
