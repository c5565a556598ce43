import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { FeedStatus } from '../../../../dashboards/live/src/state/live.js';
import type { LiveMessage } from '../../../../dashboards/live/src/state/model.js';
import { LiveFeed } from '../../../../dashboards/live/src/wire/live-feed.js';
import { snapshot } from '../state/snapshots.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const message = (seq: number): string =>
  `id: ${seq}\nevent: journal\ndata: ${JSON.stringify({ n: seq, atMs: seq, type: 'note', text: 'x' })}\n\n`;

/** A daemon whose streams are what the test says, one after another, and a page's feed on it. */
async function feedOn(streams: readonly Answer[]) {
  const asked: string[] = [];
  let turn = 0;
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (request.url === '/v1/live') response.end(JSON.stringify(snapshot({ seq: 10, boot: 'b1' })));
    else (streams[turn++] ?? (() => response.write(': quiet\n\n')))(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const seen: { seqs: number[]; batches: number[]; statuses: FeedStatus['kind'][]; snapshots: number } = {
    seqs: [],
    batches: [],
    statuses: [],
    snapshots: 0,
  };
  const feed = new LiveFeed(
    {
      send: (path, options) => fetch(`http://127.0.0.1:${port}${path}`, options),
      nowMs: () => Date.now(),
      wait: (_ms, signal) =>
        new Promise((resolve) => {
          const timer = setTimeout(resolve, 5);
          signal.addEventListener('abort', () => {
            clearTimeout(timer);
            resolve();
          });
        }),
      nextFrame: (callback) => setTimeout(callback, 5),
    },
    {
      onSnapshot: () => {
        seen.snapshots += 1;
      },
      onMessages: (messages: readonly LiveMessage[]) => {
        seen.batches.push(messages.length);
        for (const { data } of messages) if ('n' in data) seen.seqs.push(data.n);
      },
      onStatus: ({ kind }) => seen.statuses.at(-1) !== kind && seen.statuses.push(kind),
    },
  );
  const over = feed.run();
  onTestFinished(async () => {
    feed.stop();
    await over;
    server.closeAllConnections();
    server.close();
  });
  return { asked, seen };
}

describe('the connection to the daemon', () => {
  it('goes on where it was cut, in the middle of a message, without loss or a duplicate', async () => {
    const { seen, asked } = await feedOn([
      (_request, response) => {
        response.write(message(11) + message(12) + message(13).slice(0, 20));
        setTimeout(() => response.destroy(), 20);
      },
      (request, response) => {
        const after = Number(new URL(request.url ?? '', 'http://x').searchParams.get('after'));
        for (let seq = after + 1; seq <= 15; seq++) response.write(message(seq));
      },
    ]);
    await vi.waitFor(() => expect(seen.seqs).toEqual([11, 12, 13, 14, 15]), { timeout: 10_000 });
    expect(asked).toContain('/v1/live/stream?boot=b1&after=12');
    expect(seen.snapshots).toBe(1);
    expect(seen.statuses).toEqual(['live', 'stale', 'live']);
  });

  it('takes a new snapshot when it has missed too much, or the daemon is another', async () => {
    const { seen } = await feedOn([
      (_request, response) => response.write(`${message(11)}event: gap\ndata: {"reason":"late"}\n\n`),
      (_request, response) => response.write(message(12)),
    ]);
    // What came before the gap is in the new snapshot: whether it was handed on as well is up to which frame it came in.
    await vi.waitFor(() => expect([seen.snapshots, seen.seqs.filter((seq) => seq !== 11)]).toEqual([2, [12]]), { timeout: 10_000 });
  });

  it('hands ten thousand events on in few batches', async () => {
    const all = Array.from({ length: 10_000 }, (_, i) => message(11 + i)).join('');
    const { seen } = await feedOn([(_request, response) => response.write(all)]);
    await vi.waitFor(() => expect(seen.seqs).toHaveLength(10_000), { timeout: 20_000 });
    expect(seen.seqs.at(-1)).toBe(10_010);
    expect(seen.batches.length).toBeLessThan(200);
  });

  it('survives what is no message, and asks anew', async () => {
    const { seen } = await feedOn([
      (_request, response) => response.write('id: 11\nevent: journal\ndata: {"n":\n\n'),
      (_request, response) => response.write(`event: unheard-of\ndata: 1\n\n${message(12)}`),
    ]);
    await vi.waitFor(() => expect([seen.snapshots, seen.seqs]).toEqual([2, [12]]), { timeout: 10_000 });
  });
});
