/** Real callees and callers for tests of HTTP links: a Node server that keeps what it heard, nginx, undici on connections of its own, and curl. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import type net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, type Dispatcher } from 'undici';
import { freePorts } from '../bench/address.mjs';
import { startNginx } from '../bench/nginx.mjs';
import { Processes } from '../bench/processes.mjs';

export interface Heard {
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

export interface NodeServer extends AsyncDisposable {
  readonly port: number;
  /** Every request that has come whole, in order. */
  readonly heard: readonly Heard[];
}

/** A Node server that reads each request to its end, keeps it, and answers; by default with what it heard, as JSON. */
export async function nodeServer(
  answer: (heard: Heard, response: http.ServerResponse, count: number) => void = (heard, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ method: heard.method, url: heard.url, body: heard.body }));
  },
): Promise<NodeServer> {
  const heard: Heard[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (bytes: Buffer) => chunks.push(bytes));
    request.on('error', () => {});
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const whole = { method, url, headers, body: Buffer.concat(chunks).toString() };
      heard.push(whole);
      answer(whole, response, heard.length);
    });
  });
  // A link that is closed between two requests is not a client to wait for.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as net.AddressInfo).port,
    heard,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export interface NginxServer extends AsyncDisposable {
  readonly port: number;
}

/** nginx with one server of these directives; `listen` are further words on the line that says where, like `ssl`. */
export async function nginxServer(directives: string, { listen = '' }: { listen?: string } = {}): Promise<NginxServer> {
  const [port] = (await freePorts(1)) as [number];
  const folder = mkdtempSync(join(tmpdir(), 'faultlab-nginx-'));
  const processes = new Processes();
  const servers = `server { listen 127.0.0.1:${port} ${listen}; ${directives} }`;
  await startNginx({ processes, folder, name: 'nginx', ports: [port], servers });
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      await processes.endAll();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface Said {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Caller extends AsyncDisposable {
  /** Rejects with undici's error; waits no longer than `waitMsMax` for an answer. */
  ask(path?: string, options?: Partial<Dispatcher.RequestOptions> & { waitMsMax?: number }): Promise<Said>;
}

/** undici with one keep-alive connection to that port. */
export function undiciCaller(port: number): Caller {
  const agent = new Agent({ connections: 1, pipelining: 1 });
  return {
    ask: async (path = '/', { waitMsMax = 5_000, ...options } = {}) => {
      const signal = AbortSignal.timeout(waitMsMax);
      const { statusCode, headers, body } = await agent.request({
        origin: `http://127.0.0.1:${port}`,
        path,
        method: 'GET',
        signal,
        ...options,
      } as Dispatcher.RequestOptions);
      return { status: statusCode, headers, body: await body.text() };
    },
    [Symbol.asyncDispose]: () => agent.destroy(),
  };
}

/** What became of a promise, as text: the answer's status, or the error's code or name. */
export async function fate(asked: Promise<Said>): Promise<string> {
  try {
    return String((await asked).status);
  } catch (error) {
    const { code, name } = error as { code?: unknown; name: string };
    return typeof code === 'string' ? code : name;
  }
}

/** curl with these arguments: its exit code and what it wrote. */
export function curl(...args: readonly string[]): Promise<{ exit: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile('curl', ['--silent', '--show-error', '--max-time', '10', '--noproxy', '*', ...args], (error, stdout, stderr) => {
      resolve({ exit: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr });
    });
  });
}
