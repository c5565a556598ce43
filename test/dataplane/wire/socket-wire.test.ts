import type net from 'node:net';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { SocketWire } from '../../../src/dataplane/wire/socket-wire.js';

function wireOn(socket: PassThrough): { told: unknown[] } {
  const told: unknown[] = [];
  new SocketWire(socket as unknown as net.Socket, {
    data: (bytes) => told.push(bytes.toString()),
    end: () => told.push('end'),
    drain: () => {},
    close: (error) => told.push(error?.code ?? 'closed'),
  });
  return { told };
}

describe('a wire on a stream', () => {
  it('tells of an end in order, and then that it is closed', async () => {
    const socket = new PassThrough();
    const { told } = wireOn(socket);
    socket.end('last');
    await expect.poll(() => told).toEqual(['last', 'end', 'closed']);
  });

  it('ends with an error, and tells of no end behind it: Node does, behind an alert such as that a certificate was missing', async () => {
    const socket = new PassThrough({ autoDestroy: false });
    const { told } = wireOn(socket);
    socket.emit('error', Object.assign(new Error('alert'), { code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' }));
    socket.emit('end');
    await expect.poll(() => told).toEqual(['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED']);
  });
});
