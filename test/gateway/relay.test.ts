/** Each row is a failure of http-proxy as it comes; the last test shows on the bare package that these rows can fail. */
import { once } from 'node:events';
import { type Agent, createServer, get, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { connect, createServer as createTcpServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import httpProxy from 'http-proxy';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { hostClock } from '../../src/core/clock.js';
import { Relay, type RelayOutcome, type RelayTarget } from '../../src/gateway/relay.js';
import { answerJson } from '../../src/lab/json-answer.js';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleanups.splice(0)) clean();
});

async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as { port: number }).port;
}

/** An upstream that counts its open connections. */
async function startUpstream(handle: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(handle);
  const open = new Set<Socket>();
  let accepted = 0;
  server.on('connection', (socket) => {
    accepted += 1;
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  const port = await listen(server);
  return { port, server, open, accepted: () => accepted };
}

/** An upstream that answers every connection with the same bytes. */
function startRawUpstream(serve: (socket: Socket, text: string) => void): Promise<number> {
  return listen(createTcpServer((socket) => socket.setEncoding('latin1').on('data', (text) => serve(socket, String(text)))));
}

async function startRelay(upstreamPort: number, given: Pick<RelayTarget, 'answerMsMax' | 'watch'> = {}) {
  const relay = new Relay(hostClock, { reuse: true, socketsMax: 64 });
  cleanups.push(() => relay[Symbol.dispose]());
  const outcomes: RelayOutcome[] = [];
  const target = { host: '127.0.0.1', port: upstreamPort, ...given };
  const server = createServer((incoming, response) => {
    void relay.forward(incoming, response, target).then((outcome) => {
      outcomes.push(outcome);
      if (outcome.kind === 'failed') answerJson(response, 502, outcome);
      if (outcome.kind === 'timedOut') answerJson(response, 504, outcome);
    });
  });
  server.on('upgrade', (incoming, socket, head) => relay.upgrade(incoming, socket, head, target));
  return { port: await listen(server), outcomes, relay };
}

async function fetchText(port: number, path = '/', options: { agent?: Agent; method?: string } = {}) {
  const outgoing = request({ port, host: '127.0.0.1', path, ...options }).end();
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  let body = '';
  for await (const chunk of answer.setEncoding('utf8')) body += chunk;
  return { status: answer.statusCode, body, answer };
}

/** Sends bytes as they are and collects what comes back until `until` is in it, or the connection ends. */
async function exchangeRaw(port: number, bytes: string, until?: string): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('latin1');
  cleanups.push(() => socket.destroy());
  socket.write(bytes);
  let received = '';
  socket.on('error', () => {});
  await new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
    socket.on('data', (text) => {
      received += text;
      if (until !== undefined && received.includes(until)) resolve();
    });
  });
  return received;
}

describe('relay', () => {
  it('lets go of the upstream when callers leave in the middle of an event stream', async () => {
    const upstream = await startUpstream((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: 1\n\n');
    });
    const { port, outcomes } = await startRelay(upstream.port);
    for (let i = 0; i < 5; i++) {
      const outgoing = get({ port, host: '127.0.0.1', agent: false });
      const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
      await once(answer, 'data');
      answer.on('error', () => {});
      outgoing.destroy();
    }
    await vi.waitFor(() => expect(upstream.open.size, 'upstream connections left open').toBe(0), 3_000);
    expect(upstream.accepted()).toBe(5);
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array(5).fill('callerLeft'));
  });

  it('lets go of the upstream when callers leave before the answer', async () => {
    const upstream = await startUpstream(() => {});
    const { port } = await startRelay(upstream.port);
    for (let i = 0; i < 5; i++) {
      const outgoing = get({ port, host: '127.0.0.1', agent: false }).on('error', () => {});
      await vi.waitFor(() => expect(upstream.open.size).toBe(1), 3_000);
      outgoing.destroy();
      await vi.waitFor(() => expect(upstream.open.size, 'upstream connections left open').toBe(0), 3_000);
    }
    expect(upstream.accepted()).toBe(5);
  });

  it('lets go of the upstream when a caller leaves in the middle of an upload', async () => {
    const upstream = await startUpstream((incoming) => incoming.on('error', () => {}).resume());
    const { port } = await startRelay(upstream.port);
    for (let i = 0; i < 3; i++) {
      const outgoing = request({ port, host: '127.0.0.1', method: 'POST', agent: false }).on('error', () => {});
      outgoing.write('x'.repeat(1_000));
      await vi.waitFor(() => expect(upstream.open.size).toBe(1), 3_000);
      outgoing.destroy();
      await vi.waitFor(() => expect(upstream.open.size, 'upstream connections left open').toBe(0), 3_000);
    }
  });

  it('survives an upgrade that is refused and then reset', async () => {
    const upstream = await startRawUpstream((socket) => {
      socket.write('HTTP/1.1 404 Not Found\r\ncontent-length: 2\r\n\r\nno');
      setImmediate(() => socket.resetAndDestroy());
    });
    const { port } = await startRelay(upstream);
    const upgrade = 'GET /live HTTP/1.1\r\nhost: shop\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n';
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    socket.write(upgrade);
    await once(socket, 'data');
    socket.write('more');
    socket.resetAndDestroy();
    // The process is alive when it still refuses the next one, and an upstream that is not there is a 502.
    expect(await exchangeRaw(port, upgrade)).toMatch(/^HTTP\/1.1 404/);
    const { port: lonely } = await startRelay(await closedPort());
    expect(await exchangeRaw(lonely, upgrade)).toMatch(/^HTTP\/1.1 502/);
  });

  it('carries an upgrade through, with its path and both directions', async () => {
    const upstream = await startUpstream(() => {});
    upstream.server.on('upgrade', (incoming, socket) => {
      socket.write(`HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n${incoming.url}`);
      socket.pipe(socket);
    });
    const { port } = await startRelay(upstream.port);
    const bytes = 'GET //a/../b HTTP/1.1\r\nhost: shop\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\nhello';
    expect(await exchangeRaw(port, bytes, 'hello')).toContain('//a/../bhello');
  });

  it('writes nothing of its own into a tunnel that is reset', async () => {
    const upstream = await startRawUpstream((socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\nhello');
      setTimeout(() => socket.resetAndDestroy(), 20);
    });
    const { port } = await startRelay(upstream);
    const text = await exchangeRaw(port, 'GET /live HTTP/1.1\r\nhost: shop\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1.1 101 .*\r\n\r\nhello$/s);
  });

  it('sends a chunked DELETE as one request: its body is never taken for another', async () => {
    const seen: string[] = [];
    const upstream = await startUpstream((incoming, response) => {
      let body = '';
      incoming.setEncoding('utf8').on('data', (text) => {
        body += text;
      });
      incoming.on('end', () => {
        seen.push(`${incoming.method} ${incoming.url} ${body}`);
        response.end('ok');
      });
    });
    const { port } = await startRelay(upstream.port);
    const hidden = 'GET /smuggled HTTP/1.1\r\nhost: shop\r\n\r\n';
    const chunked = `DELETE /x HTTP/1.1\r\nhost: shop\r\ntransfer-encoding: chunked\r\n\r\n${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`;
    await exchangeRaw(port, chunked, 'ok');
    await fetchText(port, '/after');
    expect(seen).toEqual([`DELETE /x ${hidden}`, 'GET /after ']);
  });

  it('keeps the path as it came', async () => {
    const upstream = await startUpstream((incoming, response) => response.end(incoming.url));
    const { port } = await startRelay(upstream.port);
    expect((await fetchText(port, '//a/../b%2e%2e?x=//y')).body).toBe('//a/../b%2e%2e?x=//y');
  });

  it('keeps the path even of a request that had to wait for a connection', async () => {
    const upstream = await startUpstream((incoming, response) => {
      void wait(20).then(() => response.end(incoming.url));
    });
    const { port } = await startRelay(upstream.port);
    const answers = await Promise.all(Array.from({ length: 100 }, (_, i) => fetchText(port, `//a/../${i}`)));
    expect(upstream.accepted()).toBeLessThanOrEqual(64);
    expect(answers.map(({ body }) => body)).toEqual(Array.from({ length: 100 }, (_, i) => `//a/../${i}`));
  });

  it('passes trailers, early hints and the case of header names', async () => {
    let requestHead = '';
    const upstream = await startRawUpstream((socket, text) => {
      requestHead += text;
      socket.end(
        'HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n' +
          'HTTP/1.1 200 OK\r\nX-ShOp: yes\r\nTrailer: X-SuM\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-SuM: 7\r\n\r\n',
      );
    });
    const { port } = await startRelay(upstream);
    const text = await exchangeRaw(port, 'GET / HTTP/1.1\r\nHost: shop\r\nX-CaSe: kept\r\nConnection: close\r\n\r\n');
    expect(text).toMatch(/^HTTP\/1.1 103 Early Hints\r\nLink: <\/a.css>; rel=preload\r\n/);
    expect(text).toContain('\r\nX-ShOp: yes\r\n');
    expect(text).toContain('\r\n0\r\nX-SuM: 7\r\n');
    expect(requestHead).toContain('\r\nX-CaSe: kept\r\n');
  });

  it('leaves out early hints that node refuses to write, and answers all the same', async () => {
    const upstream = await startRawUpstream((socket) => {
      socket.end('HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload, </b>; rel=x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
    });
    const { port } = await startRelay(upstream);
    const { status, body } = await fetchText(port);
    expect({ status, body }).toEqual({ status: 200, body: 'ok' });
  });

  it('adds nothing to an answer that breaks off: the caller sees it broken', async () => {
    const upstream = await startRawUpstream((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf', () => setTimeout(() => socket.resetAndDestroy(), 20));
    });
    const { port, outcomes } = await startRelay(upstream);
    const text = await exchangeRaw(port, 'GET / HTTP/1.1\r\nHost: shop\r\n\r\n');
    expect(text.endsWith('\r\n\r\nhalf')).toBe(true);
    expect(outcomes).toEqual([{ kind: 'cut' }]);
  });

  it('shows the body as it passes to who watches it, and the caller has all of it', async () => {
    const body = Array.from({ length: 50_000 }, (_, i) => `${i}\n`).join('');
    const upstream = await startUpstream((_, response) => response.end(body));
    let seen = '';
    const { port } = await startRelay(upstream.port, { watch: (bytes) => (seen += bytes.toString('latin1')) });
    expect((await fetchText(port)).body).toBe(body);
    expect(seen).toBe(body);
  });

  it('reports a refused connection, and leaves the answer to its caller', async () => {
    const { port, outcomes } = await startRelay(await closedPort());
    expect((await fetchText(port)).status).toBe(502);
    expect(outcomes).toMatchObject([{ kind: 'failed', reason: expect.stringContaining('ECONNREFUSED') }]);
  });

  it('gives up when no answer begins in time, and closes that connection', async () => {
    const upstream = await startUpstream(() => {});
    const { port, outcomes } = await startRelay(upstream.port, { answerMsMax: 100 });
    expect((await fetchText(port)).status).toBe(504);
    expect(outcomes).toEqual([{ kind: 'timedOut' }]);
    await vi.waitFor(() => expect(upstream.open.size).toBe(0), 3_000);
  });

  it('uses one upstream connection for requests that follow each other', async () => {
    const upstream = await startUpstream((_, response) => response.end('ok'));
    const { port } = await startRelay(upstream.port);
    for (let i = 0; i < 5; i++) await fetchText(port);
    expect(upstream.accepted()).toBe(1);
  });

  it('repeats a GET whose kept connection was closed under it, and counts no error', async () => {
    let requests = 0;
    // Answers the first request of a connection and resets on the second, as a server does that closes an idle connection in that moment.
    const upstream = await listen(
      createTcpServer((socket) => {
        let first = true;
        socket.on('data', () => {
          requests += 1;
          if (first) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
          else socket.resetAndDestroy();
          first = false;
        });
      }),
    );
    const { port, outcomes } = await startRelay(upstream);
    await fetchText(port);
    expect((await fetchText(port)).body).toBe('ok');
    expect(outcomes.map(({ kind }) => kind)).toEqual(['answered', 'answered']);
    expect(requests).toBe(3);
  });

  it('repeats nothing that may have had an effect', async () => {
    let requests = 0;
    const upstream = await listen(
      createTcpServer((socket) => {
        let first = true;
        socket.on('data', () => {
          requests += 1;
          if (first) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
          else socket.resetAndDestroy();
          first = false;
        });
      }),
    );
    const { port, outcomes } = await startRelay(upstream);
    await fetchText(port);
    expect((await fetchText(port, '/', { method: 'POST' })).status).toBe(502);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['answered', 'failed']);
    expect(requests).toBe(2);
  });

  it('is needed: the bare package leaves upstream connections open and rewrites the path', async () => {
    const paths: (string | undefined)[] = [];
    const upstream = await startUpstream((incoming) => paths.push(incoming.url));
    const bare = httpProxy.createProxyServer({ target: { host: '127.0.0.1', port: upstream.port, protocol: 'http:' } });
    bare.on('error', () => {});
    const port = await listen(createServer((incoming, response) => bare.web(incoming, response)));
    const outgoing = get({ port, host: '127.0.0.1', path: '//a', agent: false }).on('error', () => {});
    await vi.waitFor(() => expect(upstream.open.size).toBe(1), 3_000);
    outgoing.destroy();
    await wait(300);
    expect(upstream.open.size).toBe(1);
    expect(paths).toEqual(['/a']);
  });
});

/** A port on which nobody listens. */
async function closedPort(): Promise<number> {
  const server = createTcpServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
