import { describe, expect, it } from 'vitest';
import type { ActiveFault } from '../../../src/dataplane/faults/active-fault.js';
import type { HttpDecision, TcpTransform } from '../../../src/dataplane/faults/fault.js';
import { MessageRewriter } from '../../../src/dataplane/http/message-rewriter.js';
import type { ParsedResponse } from '../../../src/dataplane/http/response-head.js';
import { parseResponseHead } from '../../../src/dataplane/http/response-head.js';
import { responseSubject } from '../../../src/dataplane/http/rewrite-plan.js';
import { VirtualClock } from '../../support/clock.js';
import { messageFault, streamEdit, wholeEdit } from '../../support/http-fault.js';

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n';
const HELD_BYTES_MAX = 8;

/** Lets each piece go on so much later. */
const late = (delayMs: number): HttpDecision => ({
  kind: 'edit',
  body: { kind: 'stream', length: 'same', open: (): TcpTransform => (_signal, effects) => effects.pass(delayMs) },
});

function rewriting(...decisions: HttpDecision[]) {
  const clock = new VirtualClock();
  const faults = decisions.map((decision, n) => messageFault('down', () => decision, { id: `fault ${n}` }));
  const edits = decisions.map((decision, n) => {
    if (decision.kind !== 'edit') throw new Error(decision.kind);
    return { fault: faults[n] as ActiveFault, ...decision };
  });
  const sent: string[] = [];
  const told: string[] = [];
  let takes = true;
  const subject = responseSubject(parseResponseHead(HEAD, 'GET') as ParsedResponse, { method: 'GET', version: '1.1' });
  const rewriter = new MessageRewriter(
    { clock, heldBytesMax: HELD_BYTES_MAX },
    { subject, edits },
    {
      headReady: () => {},
      send: (bytes) => {
        sent.push(bytes.toString('latin1'));
        return takes;
      },
      missed: (fault) => told.push(`missed by ${fault.id}`),
      over: () => told.push(`over, ${rewriter.isWhole ? 'whole' : 'not whole'}`),
      steer: () => told.push(rewriter.isFull ? 'full' : 'not full'),
      cut: () => told.push('cut'),
    },
  );
  rewriter.start();
  const take = (text: string): void => rewriter.take(Buffer.from(text));
  return {
    clock,
    faults,
    sent,
    told,
    rewriter,
    take,
    setTakes: (yes: boolean) => {
      takes = yes;
    },
  };
}

describe('a message that waits for its body', () => {
  it('goes on as it came when the body is late, and so does what is still to come', () => {
    const { clock, sent, told, take, rewriter } = rewriting(wholeEdit(() => 'lost'));
    take('abc');
    clock.advance(9_000);
    expect([sent, rewriter.isCollecting, rewriter.heldBytes]).toEqual([[], true, 3]);
    clock.advance(1_001);
    expect([sent.join(''), told, rewriter.isCollecting]).toEqual([`${HEAD}abc`, ['missed by fault 0'], false]);
    take('def');
    rewriter.end('');
    expect([sent.join(''), told.at(-1), clock.pending]).toEqual([`${HEAD}abcdef`, 'over, whole', 0]);
  });

  it('is forgotten when it is closed', () => {
    const { clock, sent, take, rewriter } = rewriting(
      wholeEdit(() => 'lost'),
      late(100),
    );
    take('abc');
    rewriter.close();
    rewriter.end('');
    expect([sent, rewriter.heldBytes, clock.pending]).toEqual([[], 0, 0]);
  });

  it('goes on at once, and through what is left, when its fault goes', () => {
    const { clock, faults, sent, told, take, rewriter } = rewriting(
      wholeEdit(() => 'lost'),
      late(100),
    );
    take('abc');
    rewriter.retain(faults.slice(1));
    expect([sent.join(''), told]).toEqual([HEAD, ['missed by fault 0']]);
    clock.advance(100);
    expect(sent.join('')).toBe(`${HEAD}abc`);
  });
});

describe('a message in a stream', () => {
  it('asks its sender to pause at the bound, and to go on below it', () => {
    const { clock, told, take, rewriter } = rewriting(streamEdit('same'), late(100));
    take('abc');
    expect(told).toEqual([]);
    take('d'.repeat(HELD_BYTES_MAX));
    expect(told).toEqual(['full']);
    clock.advance(100);
    rewriter.end('');
    clock.advance(100);
    expect(told).toEqual(['full', 'not full', 'over, whole']);
  });

  it('whose length is told shows its transform the end behind the last byte', () => {
    const seen: string[] = [];
    const watching: TcpTransform = (signal, effects) => {
      seen.push(signal.kind);
      effects.pass();
    };
    const { told, take, rewriter } = rewriting({ kind: 'edit', body: { kind: 'stream', length: 'same', open: () => watching } });
    take('abcdef');
    expect(told).toEqual([]);
    rewriter.end('');
    expect([seen, told]).toEqual([['data', 'end'], ['over, whole']]);
  });

  it('does not keep its sender paused when it is over early', () => {
    const open = (): TcpTransform => (_signal, effects) => effects.pass(100);
    const { clock, sent, told, take, rewriter } = rewriting({ kind: 'edit', body: { kind: 'stream', length: 2, open } });
    for (let n = 0; n <= HELD_BYTES_MAX; n++) take('abc');
    expect(rewriter.isFull).toBe(true);
    clock.advance(100);
    expect([sent.at(-1), told, rewriter.isFull, rewriter.heldBytes]).toEqual(['ab', ['full', 'over, whole', 'not full'], false, 0]);
  });

  it('waits for a receiver that takes no more', () => {
    const { sent, told, take, rewriter, setTakes } = rewriting(streamEdit('unknown'));
    setTakes(false);
    take('abc');
    take('def');
    rewriter.end('');
    expect(sent.slice(1).join('')).toBe('3\r\nabc\r\n');
    setTakes(true);
    rewriter.drained();
    expect([sent.slice(1).join(''), told]).toEqual(['3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n', ['over, whole']]);
  });

  it('that is cut short says so, and its end is not forged', () => {
    const { sent, told, take, rewriter } = rewriting(streamEdit('unknown'));
    take('abc');
    rewriter.breakOff();
    expect([sent.slice(1).join(''), told, rewriter.endsConnection]).toEqual(['3\r\nabc\r\n', ['over, not whole'], true]);
  });

  it('can be cut by its transform', () => {
    const open = (): TcpTransform => (_signal, effects) => effects.reset();
    const { told, take, clock } = rewriting({ kind: 'edit', body: { kind: 'stream', length: 'same', open } });
    take('abc');
    expect([told, clock.pending]).toEqual([['cut'], 0]);
  });

  it('ends with the connection where its transform closes it, whatever was promised', () => {
    const open = (): TcpTransform => (_signal, effects) => {
      effects.passBytes(Buffer.from('ab'));
      effects.close();
    };
    const { sent, told, take, rewriter } = rewriting({ kind: 'edit', body: { kind: 'stream', length: 'same', open } });
    take('abcdef');
    expect([sent.join(''), told, rewriter.endsConnection]).toEqual([`${HEAD}ab`, ['over, not whole'], true]);
  });
});
