/**
 * One stream: asks for bytes of the pattern and reads them below the stream layer, so that the client costs less than what it measures. It counts
 * every byte and compares the first and the last of every read, which is how a proxy that mixes up or loses buffers is found out.
 */
import net from 'node:net';
import { hostAndPort } from '../address.mjs';
import { patternByte } from '../pattern.mjs';

const HEAD_END = Buffer.from('\r\n\r\n', 'latin1');
const READ_BYTES = 512 * 1024;

/** Reads `totalBytes`; rejects when the answer is another than a 200 with exactly these bytes in their order. */
export function download(address, totalBytes, signal) {
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0);
    let bodyBytes = -1;
    const finish = (error) => {
      signal?.removeEventListener('abort', abort);
      socket.destroy();
      if (error === undefined) resolve();
      else reject(error);
    };
    const abort = () => finish(new Error(`the stream stopped at byte ${bodyBytes} of ${totalBytes}`));
    const takeBody = (bytes) => {
      if (bytes.length === 0) return;
      const last = bodyBytes + bytes.length - 1;
      if (bytes[0] !== patternByte(bodyBytes) || bytes[bytes.length - 1] !== patternByte(last)) {
        finish(new Error(`wrong bytes between ${bodyBytes} and ${last} of the stream`));
        return;
      }
      bodyBytes += bytes.length;
      if (bodyBytes >= totalBytes) finish(bodyBytes === totalBytes ? undefined : new Error(`more than ${totalBytes} bytes came`));
    };
    const takeHead = (bytes) => {
      head = Buffer.concat([head, bytes]);
      const end = head.indexOf(HEAD_END);
      if (end < 0) return;
      if (!head.toString('latin1', 0, end).startsWith('HTTP/1.1 200 ')) {
        finish(new Error(`expected a 200, got: ${head.toString('latin1', 0, end).split('\r\n', 1)[0]}`));
        return;
      }
      bodyBytes = 0;
      takeBody(head.subarray(end + HEAD_END.length));
    };
    const callback = (byteCount, buffer) => {
      const bytes = buffer.subarray(0, byteCount);
      if (bodyBytes < 0) takeHead(bytes);
      else takeBody(bytes);
      return true;
    };
    const socket = net.connect({ ...hostAndPort(address), onread: { buffer: Buffer.alloc(READ_BYTES), callback } });
    socket.on('connect', () => socket.write(`GET /bytes/${totalBytes} HTTP/1.1\r\nHost: ${address}\r\n\r\n`));
    socket.on('error', finish);
    socket.on('end', () => finish(new Error(`the stream ended at byte ${bodyBytes} of ${totalBytes}`)));
    signal?.addEventListener('abort', abort, { once: true });
  });
}
