/**
 * Server-sent events through an HTTP link: each event reaches its reader before the next one is sent, so nothing on the way waits for more. The
 * reader is that of a browser in small: it knows lines, `data:` and blank lines.
 */
import { once } from 'node:events';
import http from 'node:http';
import type net from 'node:net';
import { Client } from 'undici';
import { describe, expect, it } from 'vitest';
import { httpProxyTo } from '../../support/http.js';
import { activeFault, until, untilEmpty } from '../../support/tcp.js';

interface EventServer extends AsyncDisposable {
  readonly port: number;
  /** The streams that are open. */
  readonly streams: ReadonlySet<http.ServerResponse>;
}

/** A server whose every answer is a stream of events that the test writes to. */
async function eventServer({ isChunked = true } = {}): Promise<EventServer> {
  const streams = new Set<http.ServerResponse>();
  const server = http.createServer((_request, response) => {
    if (!isChunked) {
      response.shouldKeepAlive = false;
      response.removeHeader('transfer-encoding');
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.flushHeaders();
    streams.add(response);
    response.on('close', () => streams.delete(response));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as net.AddressInfo).port,
    streams,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Reader extends AsyncDisposable {
  /** The data of each event so far. */
  readonly events: readonly string[];
  /** Why there will be no more: `end`, or the code of an error. */
  over(): Promise<string>;
}

async function readEvents(port: number): Promise<Reader> {
  const client = new Client(`http://127.0.0.1:${port}`);
  const { body } = await client.request({ method: 'GET', path: '/events', headers: { accept: 'text/event-stream' } });
  const events: string[] = [];
  let text = '';
  body.on('data', (bytes: Buffer) => {
    text += bytes.toString();
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = block.split('\n').filter((line) => line.startsWith('data: '));
      events.push(data.map((line) => line.slice(6)).join('\n'));
    }
  });
  const over = new Promise<string>((resolve) => {
    body.once('end', () => resolve('end'));
    body.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
  return { events, over: () => over, [Symbol.asyncDispose]: () => client.destroy() };
}

/** Faults under which events still come one by one: the bodies go through a rewriting, and nothing is changed that the reader could see. */
const rewritings = [
  { name: 'no fault', faults: [] },
  { name: 'a rate far above what is sent', faults: [{ type: 'throttle', value: { rate: '100MB/s' } }] },
  { name: 'drops larger than what is sent', faults: [{ type: 'drip', value: { size: '64KiB', interval: '1ms' } }] },
  { name: 'a truncation that is never reached', faults: [{ type: 'truncate', value: { after: '1GB', length: 'right' } }] },
  { name: 'latency on the wire', faults: [{ type: 'latency', value: { latency: '5ms' } }] },
];

describe('server-sent events', () => {
  it.each(rewritings)('arrive one by one, each before the next is sent, under $name', async ({ faults }) => {
    await using server = await eventServer();
    await using link = await httpProxyTo(server.port);
    link.proxy.setFaults(faults.map((fault) => activeFault({ direction: 'down', ...fault })));
    await using reader = await readEvents(link.port);
    const [stream] = server.streams;
    for (let i = 0; i < 20; i++) {
      stream?.write(`id: ${i}\ndata: event ${i}\n\n`);
      await until(`event ${i} is there`, () => reader.events.length === i + 1);
    }
    stream?.end();
    expect(await reader.over()).toBe('end');
    expect(reader.events).toEqual(Array.from({ length: 20 }, (_, i) => `event ${i}`));
  });

  it('arrive one by one where the stream ends with the connection', async () => {
    await using server = await eventServer({ isChunked: false });
    await using link = await httpProxyTo(server.port);
    await using reader = await readEvents(link.port);
    const [stream] = server.streams;
    for (let i = 0; i < 5; i++) {
      stream?.write(`data: event ${i}\n\n`);
      await until(`event ${i} is there`, () => reader.events.length === i + 1);
    }
  });

  it('end for the callee when the reader goes away, and the other way round', async () => {
    await using server = await eventServer();
    await using link = await httpProxyTo(server.port);
    {
      await using reader = await readEvents(link.port);
      [...server.streams][0]?.write('data: one\n\n');
      await until('it is there', () => reader.events.length === 1);
    }
    await until('the callee has none', () => server.streams.size === 0);
    await using reader = await readEvents(link.port);
    [...server.streams][0]?.destroy();
    expect(await reader.over()).toMatch(/UND_ERR_SOCKET|ECONNRESET/);
    await untilEmpty(link);
  });

  it('of which the rest is cut off end in order, or in the middle', async () => {
    await using server = await eventServer();
    await using link = await httpProxyTo(server.port);
    for (const [length, over] of [
      ['right', /^end$/],
      ['wrong', /UND_ERR_SOCKET|ECONNRESET/],
    ] as const) {
      link.proxy.setFaults([activeFault({ type: 'truncate', value: { after: '25B', length } })]);
      await using reader = await readEvents(link.port);
      const stream = [...server.streams].at(-1);
      for (let i = 0; i < 3; i++) stream?.write(`data: event ${i}\n\n`);
      expect(await reader.over()).toMatch(over);
      expect(reader.events).toEqual(['event 0']);
    }
  });
});
