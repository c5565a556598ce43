/**
 * The subject `http-proxy`: http-proxy as its README starts it, plus a keep-alive agent, without which it opens an upstream connection a request.
 * Arguments: one upstream `host:port` each. Says `{"addresses": […]}` in their order and ends when its standard input does.
 */
import { once } from 'node:events';
import http from 'node:http';
import httpProxy from 'http-proxy';
import { addressOf } from '../address.mjs';

const KEEP_ALIVE_MS = 300_000;

async function listen(upstream) {
  const proxy = httpProxy.createProxyServer({ target: `http://${upstream}`, agent: new http.Agent({ keepAlive: true }) });
  // Without this a failed request would end the process; the caller sees a 502 and the benchmark counts it as failed.
  proxy.on('error', (_error, _request, response) => {
    if (!response.headersSent) response.writeHead(502);
    response.end();
  });
  const server = http.createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => proxy.web(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return addressOf(server.address().port);
}

console.log(JSON.stringify({ addresses: await Promise.all(process.argv.slice(2).map(listen)) }));
process.stdin.resume().once('end', () => process.exit(0));
