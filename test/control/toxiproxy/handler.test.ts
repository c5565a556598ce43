/** The cap on the time of a handler, on a clock that the test turns. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import type { Answer } from '../../../src/control/toxiproxy/answer.js';
import { createHandler } from '../../../src/control/toxiproxy/handler.js';
import { VirtualClock } from '../../support/clock.js';
import { until } from '../../support/tcp.js';

/** A server whose one route answers when the test says so. */
async function slowServer(clock: VirtualClock) {
  const waiting: ((answer: Answer) => void)[] = [];
  const errors: unknown[] = [];
  const slow = { GET: () => new Promise<Answer>((resolve) => waiting.push(resolve)) };
  const server = createServer(
    createHandler({
      routes: new Map([['/version', slow]]),
      clock,
      host: '127.0.0.1',
      authorize: () => {},
      onError: (error) => errors.push(error),
    }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/version`;
  return {
    waiting,
    errors,
    ask: async () => {
      const response = await fetch(url);
      return { status: response.status, type: response.headers.get('content-type'), body: await response.text() };
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const OWN: Answer = { status: 200, headers: { 'Content-Type': 'text/plain' }, body: 'own' };

it('answers in its place after 25 s, and drops what it says later', async () => {
  const clock = new VirtualClock();
  await using server = await slowServer(clock);
  const answer = server.ask();
  await until('it is asked', () => server.waiting.length === 1);
  clock.advance(24_999);
  expect(await Promise.race([answer, new Promise((resolve) => setTimeout(() => resolve('nothing yet'), 20))])).toBe('nothing yet');
  clock.advance(1);
  expect(await answer).toEqual({
    status: 503,
    type: 'text/html; charset=utf-8',
    body: '<html><head><title>Timeout</title></head><body><h1>Timeout</h1></body></html>',
  });
  server.waiting[0]?.(OWN);
  const next = server.ask();
  await until('it is asked again', () => server.waiting.length === 2);
  server.waiting[1]?.(OWN);
  expect(await next).toEqual({ status: 200, type: 'text/plain', body: 'own' });
  expect(clock.pending, 'the cap of an answered request is gone').toBe(0);
  expect(server.errors).toEqual([]);
});
