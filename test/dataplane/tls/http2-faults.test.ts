/**
 * Faults that write on an HTTP/2 connection what its session would not, where the connection is one of TLS: two writers on one TLS socket end the
 * whole process, so these bytes have to take their turn.
 */
import http2 from 'node:http2';
import { describe, expect, it } from 'vitest';
import { http2Callee } from '../../support/http2.js';
import { activeFault, until, untilEmpty } from '../../support/tcp.js';
import { labAuthority, tlsLink } from '../../support/tls.js';

const CALLS = 8;

it.each([
  { type: 'goaway', value: { code: 'ENHANCE_YOUR_CALM', debugData: 'too_many_pings' } },
  { type: 'emptyResponse' },
  { type: 'resetExchange' },
  { type: 'rstStream' },
])('$type among many requests ends what it hits, and the link goes on', async (fault) => {
  await using callee = await http2Callee(({ stream }) => stream.respond({ ':status': 200 }, { endStream: true }));
  await using link = await tlsLink(callee.port, { protocol: 'http2', tls: 'terminate' });
  const url = `https://localhost:${link.port}`;
  const ca = await labAuthority.certificate();
  const ask = async (session: http2.ClientHttp2Session, path: string): Promise<string> => {
    const stream = session.request({ ':path': path });
    return await new Promise((resolve) => {
      stream.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      stream.on('response', (head) => resolve(String(head[':status'])));
      stream.on('close', () => resolve('closed'));
    });
  };
  const open = (): http2.ClientHttp2Session => http2.connect(url, { ca }).on('error', () => {});
  link.proxy.setFaults([activeFault({ ...fault, match: { path: '/hit' } })]);
  const session = open();
  const answers = await Promise.all(Array.from({ length: CALLS }, (_, i) => ask(session, i === CALLS / 2 ? '/hit' : `/${i}`)));
  expect(answers[CALLS / 2]).not.toBe('200');
  session.destroy();
  const another = open();
  expect(await ask(another, '/after')).toBe('200');
  another.destroy();
  await untilEmpty(link);
});

// Node's client hangs on most garbage: it reads no further, and never learns that the connection has ended.
describe.each(['terminate', undefined] as const)('a body that a fault spoils (tls: %s)', (tls) => {
  it.each([
    ...[1, 8, 9, 1_024, 65_536].flatMap((byteCount) =>
      (['up', 'down'] as const).map((direction) => ({ type: 'garbage', direction, value: { size: `${byteCount}B` } })),
    ),
    { type: 'truncate', value: { after: '10B', length: 'wrong' } },
    { type: 'truncate', direction: 'up' as const, value: { after: '10B', length: 'wrong' } },
    { type: 'malformedChunk' },
    { type: 'corruptBody', value: { rate: '1%' } },
  ])('leaves nobody waiting: %j', async (fault) => {
    await using callee = await http2Callee(({ stream }) => {
      stream.respond({ ':status': 200 });
      stream.end('x'.repeat(100_000));
    });
    await using link = await tlsLink(callee.port, { protocol: 'http2', ...(tls && { tls }) });
    link.proxy.setFaults([activeFault(fault)]);
    const ca = await labAuthority.certificate();
    const session = http2.connect(`${tls ? 'https' : 'http'}://localhost:${link.port}`, { ca }).on('error', () => {});
    const stream = session.request({ ':method': 'POST' }).on('error', () => {});
    let isOver = false;
    stream.on('close', () => {
      isOver = true;
    });
    stream.resume();
    stream.end('y'.repeat(1_000));
    await until('the caller knows', () => isOver);
    session.destroy();
    await untilEmpty(link);
    expect(link.exchanges[0]?.applied).toEqual([fault.type]);
  });
});
