/** Small HTTP servers of the test's own, as the sample programs see their peers: each counts who came, and answers what it is told. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Address } from '../../src/lab/environment.js';

export interface Peer extends AsyncDisposable {
  address: Address;
  /** Requests that have come, by path. */
  requests: string[];
}

export async function startPeer(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Peer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    request.resume();
    answer(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** One that is sent JSON and answers with it; 503 where it has nothing to say. */
export function startJsonPeer(answer: (said: unknown, path: string) => object | undefined): Promise<Peer> {
  return startPeer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const answered = answer(JSON.parse(body), request.url ?? '');
      if (answered === undefined) response.writeHead(503).end();
      else response.writeHead(200).end(JSON.stringify(answered));
    });
  });
}

/** As many as there are statuses, each with its own for every request. */
export async function startPeers(statuses: readonly number[]): Promise<{ peers: readonly Peer[] } & AsyncDisposable> {
  const peers = await Promise.all(statuses.map((status) => startPeer((_request, response) => response.writeHead(status).end('{}'))));
  return {
    peers,
    async [Symbol.asyncDispose]() {
      await Promise.all(peers.map((peer) => peer[Symbol.asyncDispose]()));
    },
  };
}
