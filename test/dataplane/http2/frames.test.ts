import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameWatch, goawayFrame, refusedFrame } from '../../../src/dataplane/http2/frames.js';
import { FRAME, frame } from '../../support/http2-frames.js';

describe('frames', () => {
  it('of GOAWAY say what they were told to', () => {
    const made = goawayFrame({ code: 11, lastStreamId: 0, debugData: Buffer.from('calm') });
    expect(made).toEqual(frame({ type: FRAME.goaway, payload: Buffer.from('\0\0\0\0\0\0\0\x0bcalm', 'latin1') }));
  });

  it('that everybody refuses are HEADERS of no stream, and all that a peer takes of one frame', () => {
    const made = refusedFrame(Buffer.alloc(20_000, 7));
    expect(made.subarray(0, 9)).toEqual(frame({ type: FRAME.headers, payload: Buffer.alloc(16_384) }).subarray(0, 9));
    expect(made.subarray(9)).toEqual(Buffer.alloc(19_991, 7));
    expect(refusedFrame(Buffer.alloc(10, 7)).subarray(0, 4)).toEqual(Buffer.from([0, 0, 1, 1]));
    expect(refusedFrame(Buffer.alloc(9, 7)).subarray(0, 4)).toEqual(Buffer.from([0, 0, 0, 1]));
    expect(refusedFrame(Buffer.alloc(8, 7))).toEqual(Buffer.alloc(8, 7));
  });

  it('are followed wherever the bytes are cut, and each GOAWAY among them is told once', () => {
    const part = fc.oneof(
      fc.record({ code: fc.nat(255), debugData: fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)) }).map((it) => ({
        code: it.code,
        bytes: goawayFrame({ ...it, lastStreamId: 1 }),
      })),
      // Payloads that look like a GOAWAY are none.
      fc.record({ type: fc.constantFrom(0, 1, 4, 9), repeat: fc.nat(3) }).map(({ type, repeat }) => ({
        code: undefined,
        bytes: frame({
          type,
          payload: Buffer.concat(
            Array.from({ length: repeat }, () => goawayFrame({ code: 1, lastStreamId: 1, debugData: Buffer.alloc(0) })),
          ),
        }),
      })),
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        fc.boolean(),
        (parts, cuts, isClient) => {
          const told: number[] = [];
          const watch = new FrameWatch(isClient, (code) => told.push(code));
          const preface = Buffer.from(isClient ? 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n' : '');
          const bytes = Buffer.concat([preface, ...parts.map((it) => it.bytes)]);
          for (let at = 0, i = 0; at < bytes.length; i++) {
            const length = cuts[i % cuts.length] ?? 1;
            watch.see(bytes.subarray(at, at + length));
            at += length;
          }
          expect(told).toEqual(parts.flatMap(({ code }) => (code === undefined ? [] : [code])));
        },
      ),
    );
  });

  it('of a GOAWAY that is cut off tell nothing', () => {
    const told: number[] = [];
    const watch = new FrameWatch(false, (code) => told.push(code));
    watch.see(goawayFrame({ code: 1, lastStreamId: 1, debugData: Buffer.alloc(0) }).subarray(0, 16));
    expect(told).toEqual([]);
  });
});
