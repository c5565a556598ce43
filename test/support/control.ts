/** A daemon with its control API on a free port, and requests to it as raw bytes: what an HTTP library would tidy up is what clients see. */
import net from 'node:net';
import { ControlServer, type ControlServerOptions } from '../../src/control/server.js';
import { hostClock } from '../../src/core/clock.js';
import { Daemon } from '../../src/dataplane/daemon.js';

export interface RawAnswer {
  status: number;
  /** As on the wire, in order, without those that Node adds to each: Date, Connection, Keep-Alive. */
  headers: readonly string[];
  body: string;
}

export interface ServedControl extends AsyncDisposable {
  readonly daemon: Daemon;
  readonly url: string;
  /** One request on a connection of its own. `head` may add header lines. */
  raw(method: string, target: string, given?: { body?: string; head?: readonly string[] }): Promise<RawAnswer>;
}

export async function servedControl(options: Partial<ControlServerOptions> = {}): Promise<ServedControl> {
  const daemon = new Daemon({ clock: hostClock, environment: 'test' });
  const errors: unknown[] = [];
  const server = new ControlServer({
    daemon,
    version: '1.2.3',
    host: '127.0.0.1',
    port: 0,
    onError: (error) => errors.push(error),
    ...options,
  });
  const url = await server.listen();
  const port = Number(new URL(url).port);
  return {
    daemon,
    url,
    raw: async (method, target, { body = '', head = [] } = {}) => {
      const hasHost = head.some((line) => /^host:/i.test(line));
      const lines = [`${method} ${target} HTTP/1.1`, ...(hasHost ? [] : ['Host: localhost']), 'Connection: close', ...head];
      if (body !== '') lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
      const answer = parseAnswer(await exchange(port, `${lines.join('\r\n')}\r\n\r\n${body}`));
      if (errors.length > 0) throw errors[0];
      return answer;
    },
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await daemon[Symbol.asyncDispose]();
    },
  };
}

function exchange(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = net.connect({ host: '127.0.0.1', port }, () => socket.write(text));
    socket.on('data', (bytes: Buffer) => chunks.push(bytes));
    socket.once('end', () => resolve(Buffer.concat(chunks).toString()));
    socket.once('error', reject);
  });
}

function parseAnswer(text: string): RawAnswer {
  const end = text.indexOf('\r\n\r\n');
  const [first = '', ...headers] = text.slice(0, end).split('\r\n');
  const own = headers.filter((line) => !/^(?:date|connection|keep-alive):/i.test(line));
  return { status: Number(first.split(' ')[1]), headers: own, body: text.slice(end + 4) };
}
