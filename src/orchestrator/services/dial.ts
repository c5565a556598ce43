/** Opens a TCP connection and closes it again: the least that can be asked of something that should be listening. */
import { connect } from 'node:net';
import { reasonOf } from '../../core/errors.js';

/** `127.0.0.1:80`, `[::1]:80` → what the sockets API wants. */
export function hostAndPort(address: string): { host: string; port: number } {
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon).replace(/^\[|\]$/g, '') || '127.0.0.1', port: Number(address.slice(colon + 1)) };
}

/** Undefined when the connection was accepted, else why not. */
export function dial(address: string, timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ ...hostAndPort(address), timeout: timeoutMs });
    const done = (problem?: string): void => {
      socket.destroy();
      resolve(problem);
    };
    socket.once('connect', () => done());
    socket.once('timeout', () => done(`no answer within ${timeoutMs} ms`));
    socket.once('error', (error) => done(reasonOf(error)));
  });
}
