/**
 * A browser that reads server-sent events through an HTTP link: Debian's Chromium with a page of its own `EventSource`. It buffers, reconnects and
 * gives up by its own rules, and those are what a fault on such a stream is for: a cut stream is asked for again, a refused one never.
 */
import { once } from 'node:events';
import http from 'node:http';
import type net from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../../support/chromium.mjs';
import { httpProxyTo } from '../../support/http.js';
import { activeFault, until } from '../../support/tcp.js';

/** What the page notes: `open`, each event's id and data, and `error` with the state that the source is in then. */
const PAGE = `<!doctype html><link rel="icon" href="data:,"><script>
  window.notes = [];
  const source = new EventSource('/events');
  source.onopen = () => notes.push('open');
  source.onmessage = (event) => notes.push(event.lastEventId + ' ' + event.data);
  source.onerror = () => notes.push(source.readyState === EventSource.CLOSED ? 'closed' : 'connecting');
</script>`;
const RETRY_MS = 50;

interface EventServer extends AsyncDisposable {
  readonly port: number;
  /** Each request for the events: where it goes on from. */
  readonly asked: readonly (string | undefined)[];
  /** The streams that are open, the oldest first. */
  readonly streams: ReadonlySet<http.ServerResponse>;
}

async function eventServer(): Promise<EventServer> {
  const asked: (string | undefined)[] = [];
  const streams = new Set<http.ServerResponse>();
  const server = http.createServer((request, response) => {
    if (request.url !== '/events') {
      response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
      return;
    }
    asked.push(request.headers['last-event-id'] as string | undefined);
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(`retry: ${RETRY_MS}\n\n`);
    streams.add(response);
    response.on('close', () => streams.delete(response));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as net.AddressInfo).port,
    asked,
    streams,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const send = (server: EventServer, id: number): void => void [...server.streams].at(-1)?.write(`id: ${id}\ndata: event ${id}\n\n`);

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

interface OpenPage extends AsyncDisposable {
  notes(): Promise<string[]>;
  /** Resolves when the page has noted that. */
  noted(note: string): Promise<void>;
}

async function openPage(port: number): Promise<OpenPage> {
  const page: Page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${port}/`);
  return {
    notes: () => page.evaluate<string[]>('notes'),
    noted: async (note) => void (await page.waitForFunction(`notes.includes(${JSON.stringify(note)})`, undefined, { polling: 20 })),
    [Symbol.asyncDispose]: () => page.close(),
  };
}

const onEvents = { path: '/events' };

describe('a browser that reads server-sent events through an HTTP link', () => {
  it('is told each event before the next is sent, and the callee hears of it when the page is closed', async () => {
    await using server = await eventServer();
    await using link = await httpProxyTo(server.port);
    {
      await using page = await openPage(link.port);
      await page.noted('open');
      for (let id = 1; id <= 5; id++) {
        send(server, id);
        await page.noted(`${id} event ${id}`);
      }
      expect(await page.notes()).toEqual(['open', ...[1, 2, 3, 4, 5].map((id) => `${id} event ${id}`)]);
    }
    await until('the callee has no stream', () => server.streams.size === 0);
    await until('it is recorded', () => link.exchanges.some(({ path }) => path === '/events'));
    expect(link.exchanges.find(({ path }) => path === '/events')).toMatchObject({
      status: 200,
      end: expect.stringMatching(/^client(Closed|Reset)$/),
    });
  });

  it.each([
    { name: 'a truncation', fault: { type: 'truncate', direction: 'down', value: { after: '40B', length: 'wrong' } } },
    { name: 'a malformed chunk', fault: { type: 'malformedChunk', direction: 'down', value: { defect: 'size', after: '40B' } } },
    { name: 'a limit of bytes on the wire', fault: { type: 'limitData', direction: 'down', value: { bytes: '1KB' } } },
  ] as const)('goes on where it was when $name has cut its stream', async ({ fault }) => {
    await using server = await eventServer();
    await using link = await httpProxyTo(server.port);
    await using page = await openPage(link.port);
    await page.noted('open');
    send(server, 1);
    await page.noted('1 event 1');
    expect(server.asked).toEqual([undefined]);
    // The next stream meets the fault; the browser asks for it because the callee ends this one.
    const first = fault.type === 'limitData' ? {} : { first: 1, match: onEvents };
    link.proxy.setFaults([activeFault({ ...fault, ...first })]);
    [...server.streams].at(-1)?.end();
    await until('it is asked for again', () => server.asked.length === 2);
    let id = 1;
    await until('the fault has cut it', () => {
      send(server, ++id);
      return server.asked.length > 2;
    });
    link.proxy.setFaults([]);
    const notes = await page.notes();
    expect(notes.slice(0, 4)).toEqual(['open', '1 event 1', 'connecting', 'open']);
    await page.noted('connecting');
    // It tells the last event that came whole, so that none is lost but what the callee will not say again.
    const last = server.asked.at(-1);
    expect(notes).toContain(`${last} event ${last}`);
  });

  it('never asks again when its stream is refused, and waits when it is held', async () => {
    await using server = await eventServer();
    await using link = await httpProxyTo(server.port);
    link.proxy.setFaults([activeFault({ type: 'abort', value: { status: 503 }, match: onEvents })]);
    {
      await using page = await openPage(link.port);
      await page.noted('closed');
      expect(await page.notes()).toEqual(['closed']);
      expect(server.asked).toEqual([]);
    }
    const hold = activeFault({ type: 'hold', value: { limit: '60s' }, match: onEvents });
    link.proxy.setFaults([hold]);
    await using page = await openPage(link.port);
    await until('it is held', () => hold.heldCount === 1);
    expect(await page.notes()).toEqual([]);
    link.proxy.setFaults([]);
    await page.noted('open');
    send(server, 1);
    await page.noted('1 event 1');
  });
});
