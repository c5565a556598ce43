/** Callers that go away at any point of what a fault does with their messages: no socket stays open on either side, and no timer runs on. */
import type net from 'node:net';
import { describe, expect, it } from 'vitest';
import type { ActiveFault } from '../../../src/dataplane/faults/active-fault.js';
import type { HttpDecision, TcpTransform } from '../../../src/dataplane/faults/fault.js';
import { Gate } from '../../../src/dataplane/faults/gate.js';
import { httpProxyTo, rawUpstream, Transcript } from '../../support/http.js';
import { messageFault, streamEdit, wholeEdit } from '../../support/http-fault.js';
import { until, untilEmpty } from '../../support/tcp.js';

const REQUEST = 'PUT / HTTP/1.1\r\nHost: b\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n';
const ANSWER = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n';
const CALLERS = 12;

/** Holds the last piece for ever. */
const stuck = (): HttpDecision => ({
  kind: 'edit',
  body: {
    kind: 'stream',
    length: 'unknown',
    open: (): TcpTransform => {
      let count = 0;
      return (_signal, effects) => effects.pass(count++ === 0 ? 0 : Number.POSITIVE_INFINITY);
    },
  },
});

const deeds: Readonly<Record<string, () => HttpDecision>> = {
  'is left alone': () => ({ kind: 'continue' }),
  'is held': () => ({ kind: 'hold', gate: new Gate(), limitMs: Number.POSITIVE_INFINITY }),
  'is delayed': () => ({ kind: 'delay', delayMs: 60_000 }),
  'is edited': () => ({ kind: 'edit', head: { set: { a: 'b' } } }),
  'is streamed': () => streamEdit('unknown'),
  'is stuck in a stream': stuck,
  'is kept until it is whole': () => wholeEdit((text) => text),
  'is answered in the callee’s place': () => ({ kind: 'reply', status: 503, headers: {}, body: 'no' }),
  'is answered with bytes': () => ({ kind: 'raw', bytes: Buffer.from('junk'), ending: 'reset' }),
};

/** A socket that has read the peer's FIN learns of a RST only when it writes. */
function isGone(socket: net.Socket): boolean {
  if (!socket.destroyed) socket.write(' ');
  return socket.destroyed;
}

async function abort(fault: ActiveFault): Promise<void> {
  await using upstream = await rawUpstream((transcript) => {
    // Half of an answer to half a request, and all of it to a whole one.
    transcript.socket.once('data', () => transcript.socket.write(ANSWER.slice(0, 60)));
    transcript.socket.on('data', () => transcript.text.endsWith('0\r\n\r\n') && transcript.socket.write(ANSWER.slice(60)));
    transcript.socket.on('end', () => transcript.socket.end());
  });
  await using link = await httpProxyTo(upstream.port);
  link.proxy.setFaults([fault]);
  const callers = Array.from({ length: CALLERS }, () => new Transcript(link.dial()));
  await Promise.all(
    callers.map(async ({ socket }, n) => {
      const sentBytes = Math.ceil((REQUEST.length * (n + 1)) / CALLERS);
      await new Promise<void>((resolve) => socket.write(REQUEST.slice(0, sentBytes), () => resolve()));
      await new Promise((resolve) => setTimeout(resolve, 5 * (n % 4)));
      if (n % 3 === 0) socket.resetAndDestroy();
      else if (n % 3 === 1) socket.destroy();
      else socket.end();
    }),
  );
  for (const caller of callers) caller.socket.once('end', () => caller.socket.destroy());
  for (const { socket } of callers) socket.destroy();
  link.proxy.setFaults([]);
  await until('all are told of', () => link.exchanges.length + link.connections.length >= CALLERS);
  await untilEmpty(link);
  await until('the callee has none', () => upstream.accepted.every(isGone));
  expect([link.proxy.stats().heldBytes, fault.heldCount]).toEqual([0, 0]);
}

describe.each(Object.keys(deeds))('when a message %s', (deed) => {
  it.each(['up', 'down'] as const)('(%s), callers that go leave nothing behind', async (direction) => {
    await abort(messageFault(direction, deeds[deed] as () => HttpDecision));
  });
});
