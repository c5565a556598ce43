/** What comes in one read goes on as one, and what comes in many goes on in their order. */

import http2 from 'node:http2';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerOf, http2Callee, http2ProxyTo } from '../../support/http2.js';
import { FRAME, FrameReader, frame, get, PREFACE, uint32 } from '../../support/http2-frames.js';
import { seed } from '../../support/seed.js';
import { activeFault, dial, until } from '../../support/tcp.js';

const { NGHTTP2_CANCEL } = http2.constants;
const END_STREAM = 1;

describe('a message of HTTP/2 that comes in one piece', () => {
  it('goes on in one: the last frame of its body ends the stream', async () => {
    await using callee = await http2Callee();
    await using link = await http2ProxyTo(callee.port);
    const socket = dial(link.port);
    const reader = new FrameReader(socket);
    socket.write(Buffer.concat([PREFACE, get(1)]));
    await until('it has the answer', () => reader.frames.some(({ stream, flags }) => stream === 1 && (flags & END_STREAM) !== 0));
    const answer = reader.frames.filter(({ stream }) => stream === 1);
    expect(answer.map(({ type }) => type)).toEqual([FRAME.headers, FRAME.data]);
    expect(answer[1]?.payload.toString()).toBe('hello');
    socket.destroy();
  });

  it('keeps its trailers', async () => {
    await using callee = await http2Callee(({ stream }) => {
      stream.on('end', () => {
        stream.respond({ ':status': 200 }, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '5' }));
        stream.end('answer');
      });
    });
    await using link = await http2ProxyTo(callee.port);
    const caller = link.dial();
    for (let i = 0; i < 20; i++) {
      const stream = caller.open({ ':method': 'POST' }, { endStream: false, waitForTrailers: true } as object);
      stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': String(i) }));
      const answered = answerOf(stream);
      stream.end('question');
      expect(await answered).toMatchObject({ status: 200, body: 'answer', trailers: { 'grpc-status': '5' }, code: 0 });
      expect(callee.requests[i]).toMatchObject({ body: 'question', trailers: { 'x-sum': String(i) } });
    }
  });

  it('and is cancelled in the same one is seen by the callee, and so is that it is cancelled', async () => {
    await using callee = await http2Callee(() => {});
    await using link = await http2ProxyTo(callee.port);
    const socket = dial(link.port);
    const data = frame({ type: FRAME.data, stream: 1, payload: Buffer.from('half') });
    const cancel = frame({ type: FRAME.rstStream, stream: 1, payload: uint32(NGHTTP2_CANCEL) });
    socket.write(Buffer.concat([PREFACE, get(1, { endStream: false }), data, cancel]));
    await until('the callee knows', () => callee.requests[0]?.code === NGHTTP2_CANCEL);
    await until('it is recorded', () => link.exchanges.length === 1);
    expect(link.exchanges[0]).toMatchObject({ end: 'clientReset', resetCode: NGHTTP2_CANCEL, bytesUp: 4 });
    socket.destroy();
  });
});

/** Sizes of writes, and whether a turn of the event loop lies behind each. */
const writes = fc.array(fc.record({ size: fc.oneof(fc.nat(40), fc.nat(20_000)), rests: fc.boolean() }), { maxLength: 30 });

describe('a body of HTTP/2 in many writes', () => {
  it.each([
    ['without a fault', []],
    ['in drips', [{ type: 'drip', direction: 'both' as const, value: { size: '7KB', interval: '1ms' } }]],
    [
      'in slices, late',
      [
        { type: 'slicer', value: { averageSize: '2KB' } },
        { type: 'latency', value: { latency: '1ms' } },
      ],
    ],
  ])(
    'arrives in their order, both ways: %s',
    async (_name, faults) => {
      await using callee = await http2Callee(
        ({ stream }) => {
          stream.respond({ ':status': 200 });
          stream.on('data', (bytes: Buffer) => stream.write(bytes));
          stream.on('end', () => stream.end());
        },
        { reads: false },
      );
      await using link = await http2ProxyTo(callee.port);
      link.proxy.setFaults(faults.map((fault, i) => activeFault({ ...fault, id: `fault-${i}` })));
      const caller = link.dial();
      await fc.assert(
        fc.asyncProperty(fc.array(writes, { minLength: 1, maxLength: 4 }), async (bodies) => {
          await Promise.all(
            bodies.map(async (parts, nth) => {
              const stream = caller.open({ ':method': 'POST' }, { endStream: false });
              const answered = answerOf(stream);
              let sent = '';
              for (const { size, rests } of parts) {
                const part = Array.from({ length: Math.ceil(size / 8) }, (_, i) => `${nth}.${sent.length + i * 8}`.padEnd(8, '.'))
                  .join('')
                  .slice(0, size);
                sent += part;
                // Not strings: of empty ones among others, Node 20 sends what is not theirs.
                stream.write(Buffer.from(part));
                if (rests) await turn();
              }
              stream.end();
              expect(await answered).toMatchObject({ status: 200, body: sent, code: 0 });
            }),
          );
        }),
        { seed, numRuns: 25 },
      );
    },
    30_000,
  );
});
