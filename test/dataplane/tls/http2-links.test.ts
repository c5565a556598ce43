import { once } from 'node:events';
import http2 from 'node:http2';
import type net from 'node:net';
import { expect, it } from 'vitest';
import { until } from '../../support/tcp.js';
import { foreignAuthority, labAuthority, refusal, tlsLink } from '../../support/tls.js';

it('an http2 link speaks it by ALPN, to its callers and to the callee', async () => {
  const { authority, issue } = await foreignAuthority();
  const { certificate: cert, key } = await issue('127.0.0.1');
  const server = http2.createSecureServer({ cert, key }, (request, response) => {
    response.end(`${request.httpVersion} ${request.url} ${request.headers[':scheme']}`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  await using link = await tlsLink(port, { protocol: 'http2', tls: { terminate: true, originate: { ca: authority.certificate } } });
  const session = http2.connect(`https://localhost:${link.port}`, { ca: await labAuthority.certificate() });
  for (const path of ['/1', '/2', '/3']) {
    const stream = session.request({ ':path': path });
    expect(Buffer.concat(await stream.toArray()).toString()).toBe(`2.0 ${path} https`);
  }
  session.close();
  await until('three records', () => link.exchanges.length === 3);
  expect(await refusal(link.port, { ALPNProtocols: ['http/1.1'] })).toMatch(/NO_APPLICATION_PROTOCOL/);
  server.close();
});
