import { describe, expect, it } from 'vitest';
import { stalledWindow } from '../../../../src/dataplane/faults/http2/stalled-window.js';
import { answerOf, http2Callee, http2ProxyTo } from '../../../support/http2.js';
import { activeFault, until, wait } from '../../../support/tcp.js';

const BODY_BYTES = 4_000_000;
/** The window of a stream that nobody opened, and what streams keep on the way. */
const STALLED_BYTES_MAX = 400_000;

describe('stalledWindow', () => {
  it('takes nothing unless told otherwise', () => {
    expect(stalledWindow.schema.parse({})).toEqual({ after: 0 });
    expect(stalledWindow.schema.parse({ after: '64KB' })).toEqual({ after: 64_000 });
  });

  it('down: stops the callee, not other streams, and lets it go on when it is removed', async () => {
    let takenBytes = 0;
    await using callee = await http2Callee(({ stream, headers }) => {
      stream.respond({ ':status': 200 });
      if (headers[':path'] !== '/large') {
        stream.end('small');
        return;
      }
      for (let sent = 0; sent < BODY_BYTES; sent += 10_000) stream.write(Buffer.alloc(10_000, 'x'), () => (takenBytes += 10_000));
      stream.end();
    });
    await using link = await http2ProxyTo(callee.port);
    link.proxy.setFaults([activeFault({ type: 'stalledWindow', match: { path: '/large' }, value: { after: '50KB' } })]);
    const caller = link.dial();
    const stream = caller.open({ ':path': '/large' });
    let gotBytes = 0;
    stream.on('data', (bytes: Buffer) => (gotBytes += bytes.length));
    const answered = answerOf(stream);
    await until('the first bytes are there', () => gotBytes === 50_000);
    expect(await caller.ask({ ':path': '/other' })).toMatchObject({ body: 'small' });
    await wait(200);
    expect(gotBytes).toBe(50_000);
    expect(takenBytes).toBeLessThan(STALLED_BYTES_MAX);
    link.proxy.setFaults([]);
    expect((await answered).body).toHaveLength(BODY_BYTES);
  });

  it('up: stops the caller', async () => {
    await using callee = await http2Callee(({ stream }) => stream.on('end', () => stream.respond({ ':status': 200 }, { endStream: true })));
    await using link = await http2ProxyTo(callee.port);
    link.proxy.setFaults([activeFault({ type: 'stalledWindow', direction: 'up' })]);
    const stream = link.dial().open({ ':method': 'POST' });
    let takenBytes = 0;
    for (let sent = 0; sent < BODY_BYTES; sent += 10_000) stream.write(Buffer.alloc(10_000, 'x'), () => (takenBytes += 10_000));
    stream.end();
    const answered = answerOf(stream);
    await until('the head is there', () => callee.requests.length === 1);
    await wait(200);
    expect(callee.requests[0]?.body).toHaveLength(0);
    expect(takenBytes).toBeLessThan(STALLED_BYTES_MAX);
    link.proxy.setFaults([]);
    expect(await answered).toMatchObject({ status: 200 });
    expect(callee.requests[0]?.body).toHaveLength(BODY_BYTES);
  });
});
