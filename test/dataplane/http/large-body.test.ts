/**
 * Large bodies at constant memory: what streams through a link is not kept, whether it passes as it came or through a fault. How fast a gigabyte goes
 * is a matter of the bench; here it is as much as a busy machine carries in a second or two, about twice of what may be kept.
 */
import { once } from 'node:events';
import type net from 'node:net';
import { describe, expect, it } from 'vitest';
import { httpProxyTo } from '../../support/http.js';
import { activeFault, dial, type Served, serve } from '../../support/tcp.js';

const BODY_BYTES = 192 * 1024 * 1024;
/** Twice of what a run leaves for the garbage collector. */
const KEPT_BYTES_MAX = 100 * 1024 * 1024;
const BLOCK = Buffer.alloc(64 * 1024, 'faultlab ');

/** Writes a body at the pace of its reader. */
async function writeBody(socket: net.Socket): Promise<void> {
  for (let sent = 0; sent < BODY_BYTES; sent += BLOCK.length) {
    if (!socket.write(BLOCK)) await once(socket, 'drain');
  }
}

/** Answers a GET with a body; reads the body of anything else and says how much came. */
function bodies(): Promise<Served> {
  return serve((socket) => {
    let received = 0;
    socket.once('data', (bytes: Buffer) => {
      const headEnd = bytes.indexOf('\r\n\r\n') + 4;
      if (bytes.toString('latin1', 0, 3) === 'GET') {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${BODY_BYTES}\r\n\r\n`);
        void writeBody(socket).catch(() => {});
        return;
      }
      received = bytes.length - headEnd;
      socket.on('data', (more: Buffer) => {
        received += more.length;
        if (received === BODY_BYTES) socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok`);
      });
    });
  });
}

/** Reads so many bytes behind a head. Rejects if the connection ends before. */
function readBody(socket: net.Socket, byteCount: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let left = byteCount;
    let isInBody = false;
    socket.on('data', (bytes: Buffer) => {
      left -= isInBody ? bytes.length : bytes.length - bytes.indexOf('\r\n\r\n') - 4;
      isInBody = true;
      if (left === 0) resolve();
    });
    socket.once('close', () => reject(new Error(`closed with ${left} bytes to come`)));
  });
}

/** The most memory outside of the heap that there was during the work, beyond what there was before. */
async function peakBytes(work: Promise<void>): Promise<number> {
  const before = process.memoryUsage().arrayBuffers;
  let peak = 0;
  const sampling = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
  }, 10);
  try {
    await work;
  } finally {
    clearInterval(sampling);
  }
  return peak;
}

async function download(port: number): Promise<void> {
  const caller = dial(port);
  caller.write('GET / HTTP/1.1\r\nHost: b\r\n\r\n');
  await readBody(caller, BODY_BYTES);
  caller.destroy();
}

async function upload(port: number): Promise<void> {
  const caller = dial(port);
  caller.write(`PUT / HTTP/1.1\r\nHost: b\r\nContent-Length: ${BODY_BYTES}\r\n\r\n`);
  const answered = readBody(caller, 2);
  await writeBody(caller);
  await answered;
  caller.destroy();
}

describe.each([
  { name: 'as it came', faults: [] },
  { name: 'through a rate that it does not reach', faults: [{ type: 'throttle', value: { rate: '100GB/s' } }] },
  { name: 'through a fault that wants it whole, and gets it not', faults: [{ type: 'corruptBody', value: { what: 'fields', rate: 100 } }] },
])('a body of 192 MiB, $name,', ({ faults }) => {
  it.each([
    { direction: 'down' as const, work: download },
    { direction: 'up' as const, work: upload },
  ])(
    'streams $direction at constant memory',
    async ({ direction, work }) => {
      await using upstream = await bodies();
      await using link = await httpProxyTo(upstream.port);
      link.proxy.setFaults(faults.map((fault) => activeFault({ ...fault, direction })));
      expect(await peakBytes(work(link.port))).toBeLessThan(KEPT_BYTES_MAX);
    },
    60_000,
  );
});

it('a link that keeps it would be found out', async () => {
  await using upstream = await bodies();
  await using keeper = await serve((socket) => {
    const up = dial(upstream.port);
    const kept: Buffer[] = [];
    let keptBytes = 0;
    socket.on('data', (bytes: Buffer) => up.write(bytes));
    up.on('data', (bytes: Buffer) => {
      kept.push(bytes);
      keptBytes += bytes.length;
      if (keptBytes > BODY_BYTES) for (const each of kept.splice(0)) socket.write(each);
    });
  });
  expect(await peakBytes(download(keeper.port))).toBeGreaterThan(KEPT_BYTES_MAX);
}, 60_000);
