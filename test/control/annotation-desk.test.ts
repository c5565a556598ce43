import { expect, test } from 'vitest';
import { injectSchema } from '../../src/dataplane/faults/spec.js';
import { proxySpecSchema } from '../../src/dataplane/proxy.js';
import { servedControl } from '../support/control.js';
import { runNews } from '../support/run-news.js';

test('a daemon that somebody follows answers what happened, of runs and of people, between two instants', async () => {
  await using control = await servedControl({ metrics: true });
  const { daemon } = control;
  await daemon.createProxy(proxySpecSchema.parse({ name: 'a->b', protocol: 'http', upstream: '127.0.0.1:9' }));
  const news = runNews({ until: 'faultApplied' });
  const { epoch } = daemon.claim(news.run);
  const fault = { id: `${news.run}/f`, type: 'abort', proxies: ['a->b'], value: { status: 503 }, lease: '60s' };
  daemon.inject(injectSchema.parse({ run: news.run, epoch, faults: [fault] }));
  const { run, ...rest } = news;
  // Events of now: the made-up ones are of another clock.
  const events = rest.events.map((event) => ({ ...event, atMs: daemon.clock.nowMs() }));
  const body = JSON.stringify({ ...rest, epoch, events });
  const told = await control.raw('POST', `/v1/runs/${run}/events`, { body, head: ['content-type: application/json'] });
  expect(told.status, told.body).toBeLessThan(300);
  const ask = async (query: string) => JSON.parse((await control.raw('GET', `/v1/annotations${query}`)).body) as { title: string }[];
  const titles = (await ask('')).map(({ title }) => title);
  expect(titles).toEqual(expect.arrayContaining(['run gray-failure', 'method', `${run}/f`]));
  expect(await ask(`?from=0&to=${Date.now() - 3_600_000}`)).toEqual([]);
  expect((await control.raw('GET', '/v1/annotations?from=yesterday')).status).toBe(400);
});

test('one that nobody follows keeps nothing, and says that there is no such route', async () => {
  await using control = await servedControl();
  expect((await control.raw('GET', '/v1/annotations')).status).toBe(404);
});
