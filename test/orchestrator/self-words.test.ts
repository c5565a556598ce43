import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { NewEvent } from '../../src/journal/events.js';
import { SelfWords } from '../../src/orchestrator/self-words.js';
import { VirtualClock } from '../support/clock.js';

it('what instances say of themselves is told when it changes, and that they say nothing', async () => {
  let answer = '{"role":"leader","term":3,"secret":1}';
  const server = createServer((_, response) => response.end(answer)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const clock = new VirtualClock();
  const events: NewEvent[] = [];
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const services = [{ name: 'q', instances: ['q-1', 'q-2'], probePaths: [] }];
  const play = { about: '', watch: [], tryThis: [], counts: [], words: [{ service: 'q', path: '/role', show: ['role', 'term', 'none'] }] };
  using _words = new SelfWords(
    { clock, note: (event) => events.push(event), addresses: (instance) => (instance === 'q-1' ? [address] : []) },
    { play, services },
  );
  const round = async (count: number): Promise<void> => {
    await vi.waitFor(
      () => {
        clock.advance(1_000);
        expect(events).toHaveLength(count);
      },
      { timeout: 10_000, interval: 100 },
    );
  };
  await round(1);
  expect(events).toEqual([{ type: 'selfWord', instance: 'q-1', said: { role: 'leader', term: '3', none: '–' } }]);
  answer = '{"role":"follower","term":[4,5],"none":[]}';
  await round(2);
  expect(events.at(-1)).toMatchObject({ said: { role: 'follower', term: '4, 5', none: '–' } });
  answer = 'no JSON';
  await round(3);
  expect(events.at(-1)).toMatchObject({ said: null });
});
