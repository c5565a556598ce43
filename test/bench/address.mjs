/** Ports of loopback: finding free ones for servers that cannot be asked which they took, and waiting until something listens. */
import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const HOST = '127.0.0.1';
const RETRY_MS = 25;

/** So many ports that were free a moment ago; all are held until the last is found, so that none comes twice. */
export async function freePorts(count) {
  const servers = Array.from({ length: count }, () => net.createServer().listen(0, HOST));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Resolves as soon as each port accepts a connection. The caller bounds the wait. */
export async function acceptsOn(ports) {
  for (const port of ports) while (!(await accepts(port))) await sleep(RETRY_MS);
}

function accepts(port) {
  return new Promise((resolve) => {
    const socket = net.connect(port, HOST);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

export function addressOf(port) {
  return `${HOST}:${port}`;
}

/** `127.0.0.1:80` as `net.connect` wants it. */
export function hostAndPort(address) {
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(address.slice(colon + 1)) };
}
