/** Real receivers on loopback: what they get, in which order, how often they are asked again, and what becomes of a run whose receiver is dead. */
import { expect, test } from 'vitest';
import { hostClock } from '../../../src/core/clock.js';
import type { Notice } from '../../../src/interchange/webhooks/notice.js';
import { receiverOfPlan } from '../../../src/interchange/webhooks/receiver.js';
import { Webhook } from '../../../src/interchange/webhooks/webhook.js';
import { forThisTest } from '../../support/for-this-test.js';
import { type Heard, nodeServer } from '../../support/http-peers.js';

const notice = (kind: Notice['kind']): Notice => ({ kind, run: 'r-1', title: 't', environment: 'local', wallMs: 0 });
const kindsOf = (heard: readonly Heard[]): unknown[] => heard.map(({ body }) => (JSON.parse(body) as { kind: unknown }).kind);

/** A receiver that answers its n-th request with the n-th of these, and with the last from there on. */
async function receiver(...statuses: readonly number[]) {
  return forThisTest(
    await nodeServer((_heard, response, count) => {
      response.writeHead(statuses[count - 1] ?? statuses.at(-1) ?? 200, { location: '/elsewhere' });
      response.end('thanks');
    }),
  );
}

function told(port: number, { on = ['start', 'stop', 'verdict'] }: { on?: Notice['kind'][] } = {}) {
  const failures: string[] = [];
  const url = `http://me:pass%20word@127.0.0.1:${port}/hook?key=SECRET`;
  const webhook = new Webhook(receiverOfPlan({ url, shape: 'generic', on }, { env: {} }), {
    clock: hostClock,
    onFailure: (said) => failures.push(said),
  });
  return { webhook, failures };
}

test('a receiver hears what it wants to know, in order, as JSON, and can tell what comes twice', async () => {
  const { port, heard } = await receiver(200);
  const { webhook, failures } = told(port, { on: ['start', 'verdict'] });
  for (const kind of ['start', 'stop', 'verdict'] as const) webhook.tell(notice(kind));
  await webhook.close();
  expect(kindsOf(heard)).toEqual(['start', 'verdict']);
  expect(heard[0]).toMatchObject({
    method: 'POST',
    url: '/hook?key=SECRET',
    headers: {
      'content-type': 'application/json',
      'idempotency-key': 'r-1/start',
      authorization: `Basic ${Buffer.from('me:pass word').toString('base64')}`,
    },
  });
  expect(failures).toEqual([]);
});

test('one that fails is asked again, and what comes after waits for its turn', async () => {
  const { port, heard } = await receiver(500, 503, 200);
  const { webhook, failures } = told(port);
  webhook.tell(notice('start'));
  webhook.tell(notice('verdict'));
  await webhook.close();
  expect(kindsOf(heard)).toEqual(['start', 'start', 'start', 'verdict']);
  expect(failures).toEqual([]);
});

test('one that refuses or sends us elsewhere is not asked again and not followed, and no word of it tells a secret', async () => {
  const { port, heard } = await receiver(404, 302);
  const { webhook, failures } = told(port);
  webhook.tell(notice('start'));
  webhook.tell(notice('verdict'));
  await webhook.close();
  expect(heard.map(({ url }) => url)).toEqual(['/hook?key=SECRET', '/hook?key=SECRET']);
  expect(failures).toEqual([
    `127.0.0.1:${port} was not told of the start: it answered 404`,
    `127.0.0.1:${port} was not told of the verdict: it answered 302`,
  ]);
});

test('nobody there, or somebody who fails for ever, costs a sentence each', async () => {
  const { port } = await receiver(500);
  for (const [to, why] of [
    [9, /ECONNREFUSED/],
    [port, /500|failed/i],
  ] as const) {
    const { webhook, failures } = told(to);
    webhook.tell(notice('stop'));
    await webhook.close();
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatch(why);
    expect(failures[0]).not.toMatch(/SECRET|pass/);
  }
});
