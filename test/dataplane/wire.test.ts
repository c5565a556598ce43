import { once } from 'node:events';
import net from 'node:net';
import { describe, expect, test } from 'vitest';
import { hostClock } from '../../src/core/clock.js';
import { ACCEPT_OPTIONS, acceptHandle, acceptSocket } from '../../src/dataplane/wire/accept.js';
import { dialWire } from '../../src/dataplane/wire/dial-wire.js';
import { takeConnections } from '../../src/dataplane/wire/native-handle.js';
import type { WireMode } from '../../src/dataplane/wire/wire-mode.js';
import type { Accepted, Wire, WireHandlers } from '../../src/dataplane/wire.js';
import { VirtualClock } from '../support/clock.js';
import { closeCode, closedPort, dial, echo, pattern, readToEnd, serve, until, wait } from '../support/tcp.js';

const IGNORE: WireHandlers = { data: () => {}, end: () => {}, drain: () => {}, close: () => {} };

interface Relay extends AsyncDisposable {
  readonly port: number;
}

const MODES: readonly WireMode[] = ['native', 'socket'];

/** A server on a free port that gives each accepted connection to `handle`, untouched. */
async function accept(mode: WireMode, handle: (accepted: Accepted) => void): Promise<Relay> {
  const server = net.createServer(ACCEPT_OPTIONS, (socket) => handle(acceptSocket(socket)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  if (mode === 'native') takeConnections(server, (taken) => handle(acceptHandle(taken)));
  return {
    port: (server.address() as net.AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Wire to wire, as a link without faults does it. */
function wireRelay(upstreamPort: number, mode: WireMode, { pauses = true } = {}): Promise<Relay> {
  return accept(mode, (accepted) => {
    const carry = (source: () => Wire, target: () => Wire): WireHandlers => ({
      data: (bytes) => {
        if (!target().forward(bytes, source()) && pauses) source().pause();
      },
      end: () => target().end(),
      drain: () => target().resume(),
      close: (error) => error && target().reset(),
    });
    const client: Wire = accepted.wire(
      carry(
        () => client,
        () => upstream,
      ),
    );
    const upstream: Wire = dialWire({
      host: '127.0.0.1',
      port: upstreamPort,
      timeoutMs: 5_000,
      clock: hostClock,
      mode,
      handlers: carry(
        () => upstream,
        () => client,
      ),
    });
  });
}

/** The mistake that a wire guards against: all sockets are read into one buffer, and writes refer to it. */
function carelessRelay(upstreamPort: number): Promise<Relay> {
  const shared = Buffer.alloc(64 * 1024);
  return accept('socket', (accepted) => {
    const client = accepted.socket();
    const upstream = net.connect({
      host: '127.0.0.1',
      port: upstreamPort,
      onread: {
        buffer: shared,
        callback: (byteCount) => {
          if (!client.write(shared.subarray(0, byteCount))) upstream.pause();
          return true;
        },
      },
    });
    client.on('drain', () => upstream.resume());
    upstream.on('end', () => client.end());
    for (const socket of [client, upstream]) socket.on('error', () => {});
    client.once('data', (bytes: Buffer) => upstream.write(bytes));
    client.on('close', () => upstream.destroy());
    client.resume();
  });
}

/** A prime, so that no buffer size is a multiple of it. */
const PERIOD_BYTES = 65_521;

/** The stream with that number, repeated for ever, for cheap comparison at any place. */
function periodOf(stream: number): Buffer {
  return pattern(PERIOD_BYTES, stream);
}

/** Bytes of `chunk` that are not what stands at `at` of the stream. */
function isCorrupt(chunk: Buffer, { period, at }: { period: Buffer; at: number }): boolean {
  for (let done = 0; done < chunk.length; ) {
    const from = (at + done) % PERIOD_BYTES;
    const length = Math.min(PERIOD_BYTES - from, chunk.length - done);
    if (!chunk.subarray(done, done + length).equals(period.subarray(from, from + length))) return true;
    done += length;
  }
  return false;
}

/** Sends `byteCount` bytes of the stream whose number is the first byte it gets; odd streams in small pieces, one a turn of the loop. */
function streamServer(byteCount: number) {
  return serve((socket) => {
    socket.once('data', (ask: Buffer) => {
      const period = periodOf(ask[0] ?? 0);
      const isChatty = (ask[0] ?? 0) % 2 === 1;
      const pieceBytes = isChatty ? 7_001 : PERIOD_BYTES;
      let sent = 0;
      const more = (): void => {
        const from = sent % PERIOD_BYTES;
        const bytes = period.subarray(from, Math.min(from + pieceBytes, PERIOD_BYTES, from + byteCount - sent));
        sent += bytes.length;
        const isRoom = socket.write(bytes);
        if (sent === byteCount) socket.end();
        else if (isRoom && isChatty) setImmediate(more);
        else if (isRoom) more();
      };
      socket.on('drain', () => sent < byteCount && more());
      more();
    });
  });
}

/** Reads a stream late, and with a pause after each 256 KiB; returns how many bytes came and how many chunks of them were wrong. */
function readSlowly(port: number, stream: number): Promise<{ byteCount: number; corrupt: number }> {
  return new Promise((resolve, reject) => {
    const client = dial(port);
    const period = periodOf(stream);
    let byteCount = 0;
    let corrupt = 0;
    let sincePause = 0;
    client.write(Buffer.of(stream));
    client.on('data', (chunk: Buffer) => {
      if (isCorrupt(chunk, { period, at: byteCount })) corrupt += 1;
      byteCount += chunk.length;
      sincePause += chunk.length;
      if (sincePause < 256 * 1024) return;
      sincePause = 0;
      client.pause();
      setTimeout(() => client.resume(), 1 + (stream % 3));
    });
    // Until now the sender has filled every buffer on the way, and writes have been left unfinished.
    client.pause();
    setTimeout(() => client.resume(), 300);
    client.on('end', () => {
      client.destroy();
      resolve({ byteCount, corrupt });
    });
    client.on('error', reject);
  });
}

describe('many slow readers', () => {
  const READERS = 10;
  const BYTES_EACH = 12_000_000;

  async function corruptChunks(start: (upstreamPort: number) => Promise<Relay>): Promise<number> {
    await using server = await streamServer(BYTES_EACH);
    await using relay = await start(server.port);
    const results = await Promise.all(Array.from({ length: READERS }, (_, stream) => readSlowly(relay.port, stream)));
    expect(results.map((r) => r.byteCount)).toEqual(results.map(() => BYTES_EACH));
    return results.reduce((sum, r) => sum + r.corrupt, 0);
  }

  test.each(MODES)('each get their own bytes (%s)', async (mode) => {
    expect(await corruptChunks((port) => wireRelay(port, mode))).toBe(0);
  });

  test('get the right bytes even from a relay that does not pause the source when asked to', async () => {
    expect(await corruptChunks((port) => wireRelay(port, 'native', { pauses: false }))).toBe(0);
  });

  test('negative control: a relay that writes from the shared buffer is caught', async () => {
    expect(await corruptChunks(carelessRelay)).toBeGreaterThan(0);
  });
});

describe.each(MODES)('a %s wire', (mode) => {
  test('carries bytes and half-closes both ways', async () => {
    await using server = await echo();
    await using relay = await wireRelay(server.port, mode);
    const client = dial(relay.port);
    const sent = pattern(2_000_000);
    client.end(sent);
    expect((await readToEnd(client)).equals(sent)).toBe(true);
  });

  test('carries a RST', async () => {
    await using server = await echo();
    await using relay = await wireRelay(server.port, mode);
    const client = dial(relay.port);
    client.write('hello');
    await once(client, 'data');
    const code = closeCode(server.accepted[0] as net.Socket);
    client.resetAndDestroy();
    expect(await code).toBe('ECONNRESET');
  });

  test('closes once, with the reason, after a RST of its peer', async () => {
    const closes: unknown[] = [];
    await using relay = await accept(mode, (accepted) => {
      accepted.wire({ ...IGNORE, close: (error) => closes.push(error?.code) });
    });
    const client = dial(relay.port);
    await once(client, 'connect');
    client.resetAndDestroy();
    await until('it closes', () => closes.length > 0);
    await wait(20);
    expect(closes).toEqual(['ECONNRESET']);
  });

  test('tells bytes that come together with an end, and then the end, once', async () => {
    const told: unknown[] = [];
    await using relay = await accept(mode, (accepted) => {
      const wire = accepted.wire({
        ...IGNORE,
        data: (bytes) => told.push(bytes.toString()),
        end: () => {
          told.push('end');
          wire.write(Buffer.from('bye'));
          wire.close();
        },
        close: (error) => told.push(error?.code),
      });
    });
    const client = dial(relay.port);
    client.end('last words');
    expect((await readToEnd(client)).toString()).toBe('bye');
    await until('it closes', () => told.length > 2);
    expect(told).toEqual(['last words', 'end', undefined]);
  });

  test('is still reset, and closes once, when it has only just half-closed', async () => {
    const closes: unknown[] = [];
    await using relay = await accept(mode, (accepted) => {
      const wire = accepted.wire({ ...IGNORE, close: (error) => closes.push(error?.code) });
      wire.end();
      wire.reset();
      wire.reset();
    });
    const client = dial(relay.port);
    // It may hear the end before the RST, and must then speak to find out.
    client.on('end', () => client.write('?'));
    expect(await closeCode(client)).toMatch(/ECONNRESET|EPIPE/);
    await until('it closes', () => closes.length > 0);
    expect(closes).toEqual([undefined]);
  });
});

describe.each(MODES)('what has come in (%s)', (mode) => {
  test('can be had as a socket of Node’s, which has lost nothing', async () => {
    await using relay = await accept(mode, (accepted) => {
      const socket = accepted.socket();
      setImmediate(() => socket.pipe(socket));
    });
    const client = dial(relay.port);
    const sent = pattern(300_000);
    client.end(sent);
    expect((await readToEnd(client)).equals(sent)).toBe(true);
  });

  test('can be refused', async () => {
    await using relay = await accept(mode, (accepted) => accepted.refuse());
    expect(await closeCode(dial(relay.port))).toBe('ECONNRESET');
  });
});

test('what is written after its own end is dropped, and harms nothing', async () => {
  const closes: unknown[] = [];
  await using relay = await accept('native', (accepted) => {
    const wire = accepted.wire({ ...IGNORE, close: (error) => closes.push(error?.code) });
    wire.end();
    expect(wire.write(Buffer.from('late'))).toBe(true);
  });
  const client = dial(relay.port);
  expect(String(await readToEnd(client))).toBe('');
  client.end();
  await until('it closes', () => closes.length > 0);
  expect(closes).toEqual([undefined]);
});

test('refuses to write bytes that it was lent', async () => {
  let refused: unknown;
  await using relay = await accept('native', (accepted) => {
    const wire: Wire = accepted.wire({
      ...IGNORE,
      data: (bytes) => {
        try {
          wire.write(bytes);
        } catch (error) {
          refused = error;
          wire.destroy();
        }
      },
    });
  });
  const client = dial(relay.port);
  client.write('mine');
  await until('it is refused', () => refused !== undefined);
  expect(String(refused)).toContain('borrowed bytes must be forwarded or copied');
});

describe.each(MODES)('dialling a %s wire', (mode) => {
  const open = (over: Partial<Parameters<typeof dialWire>[0]> & { port: number }) => {
    const events: string[] = [];
    const wire = dialWire({
      host: '127.0.0.1',
      timeoutMs: 5_000,
      clock: hostClock,
      mode,
      handlers: {
        open: () => events.push('open'),
        data: (bytes) => events.push(bytes.toString()),
        end: () => events.push('end'),
        drain: () => events.push('drain'),
        close: (error) => events.push(`close ${error?.code}`),
      },
      ...over,
    });
    return { wire, events };
  };

  test('sends what was written before it was answered', async () => {
    await using server = await echo();
    const { wire, events } = open({ port: server.port });
    wire.write(Buffer.from('early'));
    wire.end();
    await until('it closes', () => events.includes('close undefined'));
    expect(events).toEqual(['open', 'early', 'end', 'close undefined']);
  });

  test('finds a host by name, whichever of its addresses answers', async () => {
    await using server = await echo();
    const { wire, events } = open({ port: server.port, host: 'localhost' });
    await until('it is answered', () => events.includes('open'));
    wire.destroy();
  });

  test('says who refused', async () => {
    const { events } = open({ port: await closedPort() });
    await until('it closes', () => events.length > 0);
    expect(events).toEqual(['close ECONNREFUSED']);
  });

  test('gives up when it was told to, without an error', async () => {
    await using server = await echo();
    const { wire, events } = open({ port: server.port });
    wire.destroy();
    await until('it closes', () => events.length > 0);
    expect(events).toEqual(['close undefined']);
  });

  test('a reset before the answer gives up too', async () => {
    await using server = await echo();
    const { wire, events } = open({ port: server.port });
    wire.reset();
    await until('it closes', () => events.length > 0);
    expect(events).toEqual(['close undefined']);
  });

  test('times out by the clock it was given, and leaves no timer behind', async () => {
    await using server = await echo();
    const clock = new VirtualClock();
    const { events } = open({ port: server.port, timeoutMs: 250, clock });
    // The answer is there in the next turn of the loop, but the clock is faster.
    clock.advance(250);
    await until('it closes', () => events.length > 0);
    expect(events).toEqual(['close ETIMEDOUT']);
    expect(clock.pending).toBe(0);
    const answered = open({ port: server.port, clock });
    await until('it is answered', () => answered.events.includes('open'));
    expect(clock.pending).toBe(0);
    answered.wire.destroy();
  });
});

// On a stream, libuv's word counts: it takes a RST that comes together with bytes for an end.
test('a native wire tells bytes that come together with a RST, and then the RST', async () => {
  const told: unknown[] = [];
  await using relay = await accept('native', (accepted) => {
    accepted.wire({
      ...IGNORE,
      data: (bytes) => told.push(bytes.toString()),
      end: () => told.push('end'),
      close: (error) => told.push(error?.code),
    });
  });
  const client = dial(relay.port);
  await once(client, 'connect');
  await wait(20);
  client.write('last words');
  client.resetAndDestroy();
  await until('it closes', () => told.length > 1);
  await wait(20);
  expect(told).toEqual(['last words', 'ECONNRESET']);
});

// Node tells of it as an error and never of the end: a link would count the connection for ever.
test('a wire on a stream is gone when its reset is refused', async () => {
  const told: (string | undefined)[] = [];
  await using relay = await accept('socket', (accepted) => {
    const wire = accepted.wire({ ...IGNORE, close: (error) => told.push(error?.code) });
    const socket = accepted.socket() as unknown as { _handle: { reset(): number } };
    socket._handle.reset = () => -22;
    wire.reset();
  });
  dial(relay.port);
  await until('it is told', () => told.length > 0);
  await wait(20);
  expect(told).toEqual(['EINVAL']);
});
