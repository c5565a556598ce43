/**
 * The upstream of throughput: answers `GET /bytes/N` with N bytes of the pattern, as fast as the socket takes them, on connections that stay open.
 * Started as a process of its own; says `{"address": …}` and ends when its standard input does.
 */
import net from 'node:net';
import { addressOf } from '../address.mjs';
import { pattern } from '../pattern.mjs';

const HEAD_END = '\r\n\r\n';
const HEAD_BYTES_MAX = 64 * 1024;
const WRITE_BYTES = 256 * 1024;

/** Sends bytes from..to of the stream and waits whenever the socket asks for it. */
function send(socket, sentBytes, totalBytes) {
  let at = sentBytes;
  let mayGoOn = true;
  while (at < totalBytes && mayGoOn) {
    const from = at % pattern.length;
    const bytes = pattern.subarray(from, from + Math.min(WRITE_BYTES, pattern.length - from, totalBytes - at));
    at += bytes.length;
    mayGoOn = socket.write(bytes);
  }
  if (at < totalBytes) socket.once('drain', () => send(socket, at, totalBytes));
}

function answer(socket, head) {
  const asked = /^GET \/bytes\/(\d{1,15}) HTTP\/1\.[01]\r\n/.exec(head);
  if (asked === null) {
    socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    return;
  }
  socket.write(`HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: ${asked[1]}\r\n\r\n`);
  send(socket, 0, Number(asked[1]));
}

const server = net.createServer({ noDelay: true }, (socket) => {
  let received = '';
  socket.on('error', () => {});
  socket.setEncoding('latin1').on('data', (text) => {
    received += text;
    if (received.length > HEAD_BYTES_MAX) socket.destroy();
    const end = received.indexOf(HEAD_END);
    if (end < 0) return;
    const head = received.slice(0, end + HEAD_END.length);
    received = received.slice(end + HEAD_END.length);
    answer(socket, head);
  });
});
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ address: addressOf(server.address().port) })));
process.stdin.resume().once('end', () => process.exit(0));
