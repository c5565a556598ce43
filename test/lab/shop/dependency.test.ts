import { describe, expect, it } from 'vitest';
import type { JsonAnswer, JsonCaller } from '../../../src/lab/call-json.js';
import type { Address } from '../../../src/lab/environment.js';
import { createDependency, type DependencyOptions } from '../../../src/lab/shop/dependency.js';
import { VirtualClock } from '../../support/clock.js';

const ASK = { method: 'GET', path: '/stock/1' } as const;
const hosts: readonly [Address, ...Address[]] = [
  { host: '127.0.0.1', port: 1 },
  { host: '127.0.0.1', port: 2 },
  { host: '127.0.0.1', port: 3 },
];

/** A dependency whose hosts answer as told; the ports that were asked are noted. */
function scene(answer: (port: number) => JsonAnswer | Promise<JsonAnswer>, options: Partial<DependencyOptions> = {}) {
  const asked: number[] = [];
  const events: unknown[] = [];
  const caller: JsonCaller = {
    call: ({ port }) => {
      asked.push(port);
      return Promise.resolve(answer(port));
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const clock = new VirtualClock();
  const dependency = createDependency({
    name: 'inventory',
    hosts,
    caller,
    answerMsMax: 1_000,
    attemptsMax: 2,
    restraint: false,
    clock,
    log: ({ event }) => events.push(event),
    ...options,
  });
  return { dependency, asked, events };
}

const good: JsonAnswer = { status: 200, body: {} };
const bad: JsonAnswer = { status: 503, body: {} };

describe('the way to a dependency', () => {
  it('leads to another host where one has failed, and past it after three failures in a row', async () => {
    const { dependency, asked, events } = scene((port) => (port === 2 ? bad : good));
    for (let i = 0; i < 20; i++) expect((await dependency.call(ASK)).status).toBe(200);
    expect(events).toEqual(['ejected']);
    expect(asked.filter((port) => port === 2)).toHaveLength(3);
  });

  it('takes no answer for a failure, and says at last what it was', async () => {
    const { dependency, asked } = scene(() => ({ status: 0, body: { error: 'no answer' } }));
    expect(await dependency.call(ASK)).toEqual({ status: 0, body: { error: 'no answer' } });
    expect(asked).toHaveLength(2);
  });

  it('never tries again what the caller is to blame for', async () => {
    const { dependency, asked } = scene(() => ({ status: 404, body: {} }));
    await dependency.call(ASK);
    expect(asked).toHaveLength(1);
  });

  it('is closed to more than its compartment holds, and open again when some are back', async () => {
    const answers: ((answer: JsonAnswer) => void)[] = [];
    const { dependency } = scene(() => new Promise((resolve) => answers.push(resolve)), { compartment: 2 });
    const under = [dependency.call(ASK), dependency.call(ASK)];
    expect(await dependency.call(ASK)).toEqual({ status: 503, body: { error: 'inventory: 2 calls are under way' } });
    for (const answer of answers) answer(good);
    await Promise.all(under);
    const next = dependency.call(ASK);
    answers.at(-1)?.(good);
    expect((await next).status).toBe(200);
  });

  it('asks nobody again once its caller has left, and blames no host for that', async () => {
    const left = new AbortController();
    const { dependency, asked, events } = scene(() => {
      left.abort();
      return { status: 0, body: {} };
    });
    for (let i = 0; i < 10; i++) await dependency.call(ASK, left.signal);
    expect(asked).toHaveLength(10);
    expect(events).toEqual([]);
  });
});
