/** Opens a TCP connection and closes it again: the least that can be asked of something that should be listening. */
import { connect } from 'node:net';
import { reasonOf } from '../../core/errors.js';

const NOT_IN_TIME = 'no answer in time';

/** `127.0.0.1:80`, `[::1]:80` → what the sockets API wants. */
export function hostAndPort(address: string): { host: string; port: number } {
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon).replace(/^\[|\]$/g, '') || '127.0.0.1', port: Number(address.slice(colon + 1)) };
}

/** Undefined when the connection was accepted, else why not. The signal bounds the wait, like an AbortSignal.timeout. */
export function dial(address: string, { signal }: { signal: AbortSignal }): Promise<string | undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(NOT_IN_TIME);
    const socket = connect({ ...hostAndPort(address), signal });
    const done = (problem?: string): void => {
      socket.destroy();
      resolve(problem);
    };
    socket.once('connect', () => done());
    socket.once('error', (error) => done(signal.aborted ? NOT_IN_TIME : reasonOf(error)));
  });
}
