/** The upstream of requests where nginx is not installed: `GET /hello` on node:http. Says `{"address": …}` and ends when its standard input does. */
import http from 'node:http';
import { addressOf } from '../address.mjs';

const BODY = 'hello\n';
const KEEP_ALIVE_MS = 300_000;

const server = http.createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
  response.writeHead(request.url === '/hello' ? 200 : 404, { 'Content-Type': 'text/plain', 'Content-Length': BODY.length });
  response.end(BODY);
});
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ address: addressOf(server.address().port) })));
process.stdin.resume().once('end', () => process.exit(0));
