import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { leaving } from '../../src/lab/leaving.js';

/** A server that hands out each response with the signal of its caller. */
async function startServer() {
  const asked: { response: ServerResponse; left: AbortSignal }[] = [];
  const server = createServer((_request, response) => {
    asked.push({ response, left: leaving(response) });
    server.emit('asked');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    server,
    port,
    asked,
    [Symbol.dispose]: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe('the signal of a caller that leaves', () => {
  it('aborts when the connection ends before the answer is whole', async () => {
    using scene = await startServer();
    const caller = connect(scene.port, '127.0.0.1', () => caller.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n'));
    await once(scene.server, 'asked');
    const left = scene.asked[0]?.left;
    expect(left?.aborted).toBe(false);
    caller.destroy();
    if (left?.aborted === false) await once(left, 'abort');
    expect(left?.reason).toEqual(new Error('the caller has left'));
  });

  it('stays silent when the answer was whole, and the connection ends afterwards', async () => {
    using scene = await startServer();
    const caller = connect(scene.port, '127.0.0.1', () => caller.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n'));
    await once(scene.server, 'asked');
    const [only] = scene.asked;
    only?.response.end('done');
    await once(caller, 'data');
    caller.destroy();
    if (only?.response.closed === false) await once(only.response, 'close');
    expect(only?.left.aborted).toBe(false);
  });
});
