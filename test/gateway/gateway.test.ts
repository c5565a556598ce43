/** The gateway between real callers and real links: who is led where, and that nothing leads anywhere else. */
import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import net from 'node:net';
import { ProxyAgent, request } from 'undici';
import { afterEach, describe, expect, it, vi } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import { hostClock } from '../../src/core/clock.js';
import { Gateway } from '../../src/gateway/gateway.js';
import { routesSchema } from '../../src/gateway/routes.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

interface Callee {
  port: number;
  server: Server;
  open: ReadonlySet<net.Socket>;
}

/** An HTTP server that says what it got. */
async function callee(name: string, handle?: (request: IncomingMessage, response: ServerResponse) => void): Promise<Callee> {
  const server = createServer(
    handle ?? ((incoming, response) => void response.end(`${name} ${incoming.method} ${incoming.url} ${incoming.headers.host}`)),
  );
  const open = new Set<net.Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('error', () => {}).once('close', () => open.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => {
    server.closeAllConnections();
    server.close();
    for (const socket of open) socket.destroy();
  });
  return { port: (server.address() as net.AddressInfo).port, server, open };
}

/** A gateway that knows these links by name. */
async function gatewayTo(links: Readonly<Record<string, number>>, routes: readonly object[]): Promise<{ gateway: Gateway; port: number }> {
  const gateway = new Gateway({
    clock: hostClock,
    addressOf: (link) => {
      const port = links[link];
      return port === undefined ? undefined : { host: '127.0.0.1', port };
    },
  });
  gateway.setRoutes(routesSchema.parse(routes));
  await gateway.listen({ host: '127.0.0.1', port: 0 });
  cleanups.push(() => gateway[Symbol.asyncDispose]());
  return { gateway, port: Number(gateway.address.split(':')[1]) };
}

/** What a raw caller is told until the gateway closes. */
async function raw(port: number, text: string): Promise<string> {
  const socket = net.connect({ port, host: '127.0.0.1' });
  cleanups.push(() => socket.destroy());
  let said = '';
  socket.setEncoding('latin1').on('data', (more) => {
    said += String(more);
  });
  socket.on('error', () => {});
  socket.write(text);
  await once(socket, 'close');
  return said;
}

describe('as a reverse proxy', () => {
  it('leads by Host and path to a link, path and query as they came', async () => {
    const [a, b] = [await callee('a'), await callee('b')];
    const { port } = await gatewayTo({ a: a.port, b: b.port }, [
      { host: 'shop', links: ['a'] },
      { host: 'shop', path: '/pay', links: ['b'] },
    ]);
    const ask = (path: string) => raw(port, `GET ${path} HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n`);
    expect(await ask('/stock//a/../b%2e%2e?x=//y')).toContain('a GET /stock//a/../b%2e%2e?x=//y shop');
    expect(await ask('/pay/1')).toContain('b GET /pay/1 shop');
  });

  it('takes the links of a route in turn', async () => {
    const [a, b] = [await callee('a'), await callee('b')];
    const { port } = await gatewayTo({ a: a.port, b: b.port }, [{ host: '*', links: ['a', 'b'] }]);
    const answers = [];
    for (let n = 0; n < 4; n++) answers.push((await (await request(`http://127.0.0.1:${port}/`)).body.text())[0]);
    expect(answers).toEqual(['a', 'b', 'a', 'b']);
  });

  it('says which routes there are to who asks for another, and for a link that does not listen', async () => {
    const { port, gateway } = await gatewayTo({}, [{ host: 'shop', links: ['gone'] }]);
    const ask = async (host: string) => {
      const answer = await request(`http://127.0.0.1:${port}/x`, { headers: { host } });
      return [answer.statusCode, await answer.body.text()];
    };
    expect(await ask('elsewhere')).toEqual([421, 'faultlab gateway: no route for elsewhere/x; known: shop\n']);
    expect(await ask('shop')).toEqual([502, 'faultlab gateway: the link gone is not listening\n']);
    gateway.setRoutes([]);
    expect((await ask('shop'))[0]).toBe(421);
  });

  it('tells a caller of a refused connection, and cuts it when the link resets', async () => {
    const refusing = await callee('r');
    refusing.server.close();
    const resetting = net.createServer((socket) => socket.once('data', () => socket.resetAndDestroy())).listen(0, '127.0.0.1');
    await once(resetting, 'listening');
    cleanups.push(() => resetting.close());
    const { port } = await gatewayTo({ refusing: refusing.port, resetting: (resetting.address() as net.AddressInfo).port }, [
      { host: 'refusing', links: ['refusing'] },
      { host: 'resetting', links: ['resetting'] },
    ]);
    expect((await request(`http://127.0.0.1:${port}/`, { headers: { host: 'refusing' } })).statusCode).toBe(502);
    await expect(request(`http://127.0.0.1:${port}/`, { headers: { host: 'resetting' } })).rejects.toThrow();
  });

  it('carries a WebSocket', async () => {
    const upstream = await callee('ws');
    const sockets = new WebSocketServer({ server: upstream.server });
    sockets.on('connection', (socket) => socket.on('message', (message) => socket.send(`echo ${String(message)}`)));
    const { port } = await gatewayTo({ ws: upstream.port }, [{ host: 'chat', links: ['ws'] }]);
    const client = new WebSocket(`ws://127.0.0.1:${port}/room`, { headers: { host: 'chat' } });
    await once(client, 'open');
    client.send('hello');
    expect(String((await once(client, 'message'))[0])).toBe('echo hello');
    client.close();
    await once(client, 'close');
  });

  it('refuses an upgrade that no route takes, and goes on', async () => {
    const upstream = await callee('a');
    const { port } = await gatewayTo({ a: upstream.port }, [{ host: 'shop', links: ['a'] }]);
    const text = await raw(port, 'GET / HTTP/1.1\r\nHost: elsewhere\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1\.1 421 Misdirected Request\r\n/);
    expect((await request(`http://127.0.0.1:${port}/`, { headers: { host: 'shop' } })).statusCode).toBe(200);
  });

  it('leaves no connection to a link behind when callers abort', async () => {
    const upstream = await callee('slow', (_request, response) => void response.write('a'));
    const { port } = await gatewayTo({ slow: upstream.port }, [{ host: '*', links: ['slow'] }]);
    const callers = Array.from({ length: 5 }, () => httpRequest({ port, host: '127.0.0.1' }).on('error', () => {}));
    for (const caller of callers) caller.end();
    await vi.waitFor(() => expect(upstream.open.size).toBe(5), { timeout: 5_000 });
    for (const caller of callers) caller.destroy();
    await vi.waitFor(() => expect(upstream.open.size).toBe(0), { timeout: 5_000 });
  });
});

describe('as a forward proxy', () => {
  it('leads absolute-form requests by their host, in origin-form', async () => {
    const upstream = await callee('a');
    const { port } = await gatewayTo({ a: upstream.port }, [{ host: 'payments:8080', links: ['a'] }]);
    const said = await raw(port, 'GET http://payments:8080/pay?x=1 HTTP/1.1\r\nHost: something.else\r\nConnection: close\r\n\r\n');
    expect(said).toContain('a GET /pay?x=1 payments:8080');
  });

  it('is what HTTP_PROXY means to a client, tunnels included', async () => {
    const upstream = await callee('a');
    const { port } = await gatewayTo({ a: upstream.port }, [{ host: 'payments', links: ['a'] }]);
    const dispatcher = new ProxyAgent({ uri: `http://127.0.0.1:${port}`, proxyTunnel: true });
    cleanups.push(() => dispatcher.close());
    const { body } = await request('http://payments:8080/pay', { dispatcher });
    expect(await body.text()).toBe('a GET /pay payments:8080');
  });

  it('knows callers by the name in its URL, which goes no further', async () => {
    const upstream = await callee('a', (incoming, response) => void response.end(JSON.stringify(incoming.headers)));
    const { port } = await gatewayTo({ checkout: upstream.port }, [{ host: 'payments', from: 'checkout', links: ['checkout'] }]);
    const ask = (name: string) =>
      raw(
        port,
        `GET http://payments/ HTTP/1.1\r\nHost: payments\r\nProxy-Authorization: Basic ${Buffer.from(`${name}:`).toString('base64')}\r\nConnection: close\r\n\r\n`,
      );
    expect(await ask('somebody')).toMatch(/^HTTP\/1\.1 421 /);
    const said = await ask('checkout');
    expect(said).toMatch(/^HTTP\/1\.1 200 /);
    expect(said.toLowerCase()).not.toContain('proxy-authorization');
  });

  it('opens no tunnel to where no route leads', async () => {
    const secret = await callee('secret');
    const { port } = await gatewayTo({}, [{ host: 'payments', links: ['a'] }]);
    const said = await raw(port, `CONNECT 127.0.0.1:${secret.port} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
    expect(said).toMatch(/^HTTP\/1\.1 421 /);
    const direct = await raw(port, `GET http://127.0.0.1:${secret.port}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(direct).not.toContain('secret GET');
    expect(secret.open.size).toBe(0);
  });

  it('tells of a tunnel that cannot be opened', async () => {
    const gone = await callee('gone');
    gone.server.close();
    const { port } = await gatewayTo({ gone: gone.port }, [{ host: 'gone', links: ['gone'] }]);
    expect(await raw(port, 'CONNECT gone:80 HTTP/1.1\r\nHost: gone\r\n\r\n')).toMatch(/^HTTP\/1\.1 502 Bad Gateway/);
  });

  it('ends a tunnel on both sides, whichever ends first', async () => {
    const upstream = await callee('a', (_request, response) => void response.write('open'));
    const { port } = await gatewayTo({ a: upstream.port }, [{ host: 'a', links: ['a'] }]);
    const caller = net.connect({ port, host: '127.0.0.1' }).on('error', () => {});
    caller.write('CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(caller, 'data');
    await vi.waitFor(() => expect(upstream.open.size).toBe(1), { timeout: 5_000 });
    caller.destroy();
    await vi.waitFor(() => expect(upstream.open.size).toBe(0), { timeout: 5_000 });
  });
});

describe('hostile callers', () => {
  it.each([
    ['two lengths', 'Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello'],
    ['a length and chunks', 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['chunks that are not last', 'Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n'],
    ['a space before the colon', 'X-A : b\r\n\r\n'],
    ['a folded header', 'X-A: b\r\n c: d\r\n\r\n'],
    ['a chunk size that is none', 'Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n'],
  ])('with %s reach nobody', async (_title, rest) => {
    const seen: string[] = [];
    const upstream = await callee('a', (incoming, response) => {
      seen.push(incoming.url ?? '');
      response.end();
    });
    const { port } = await gatewayTo({ a: upstream.port }, [{ host: '*', links: ['a'] }]);
    const said = await raw(port, `POST /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${rest}GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n`);
    expect(seen).not.toContain('/smuggled');
    expect(said === '' || said.startsWith('HTTP/1.1 400 ')).toBe(true);
  });

  it('with a DELETE in chunks send no second request', async () => {
    const seen: string[] = [];
    const upstream = await callee('a', (incoming, response) => {
      seen.push(`${incoming.method} ${incoming.url}`);
      incoming.resume().once('end', () => response.end());
    });
    const { port } = await gatewayTo({ a: upstream.port }, [{ host: '*', links: ['a'] }]);
    const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n';
    await raw(
      port,
      `DELETE /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n`,
    );
    expect(seen).toEqual(['DELETE /x']);
  });
});
