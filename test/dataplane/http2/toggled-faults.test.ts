import { describe, expect, it } from 'vitest';
import { type Answer, http2Callee, http2ProxyTo } from '../../support/http2.js';
import { seed } from '../../support/seed.js';
import { activeFault, until, wait } from '../../support/tcp.js';

const REQUESTS = 4_000;
const AT_ONCE = 40;
const BODY = '{"stock":12,"name":"a thing of some length"}';

const FAULTS = [
  { type: 'delay', value: { delay: '5ms', jitter: '4ms' } },
  { type: 'delay', direction: 'down', value: { delay: '5ms' } },
  { type: 'hold', value: { limit: '10ms' } },
  { type: 'abort', value: { status: 503, body: 'no' } },
  { type: 'abort', direction: 'down', value: { grpcStatus: 14 } },
  { type: 'rstStream', value: { code: 'REFUSED_STREAM' } },
  { type: 'rstStream', direction: 'down' },
  { type: 'resetExchange' },
  { type: 'responseLoss', value: { ending: 'close' } },
  { type: 'patch', value: { body: { stock: 0 } } },
  { type: 'patch', direction: 'up', value: { headers: { 'x-lab': '1' } } },
  { type: 'statusFlip' },
  { type: 'truncate', value: { after: '5B', length: 'wrong' } },
  { type: 'truncate', direction: 'both', value: { share: '50%', length: 'right' } },
  { type: 'drip', direction: 'both', value: { size: '8B', interval: '1ms' } },
  { type: 'throttle', value: { rate: '10KB/s' } },
  { type: 'corruptBody', value: { rate: '5%' } },
  { type: 'duplicate', value: { copies: 1, delay: '2ms' } },
  { type: 'stalledWindow', value: { after: '3B' } },
  { type: 'lostTrailers' },
  { type: 'latency', direction: 'both', value: { latency: '3ms' }, match: undefined },
  { type: 'slicer', direction: 'both', value: { averageSize: '10B' }, match: undefined },
] as const;

/** Numbers from 0 up to a bound, the same for the same seed. */
function dice(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

describe('an HTTP/2 link whose faults come and go', () => {
  it('loses none of the requests that they leave alone, and forgets none of the others', async () => {
    const roll = dice(seed);
    await using callee = await http2Callee(({ stream }) => {
      stream.on('end', () => {
        stream.respond({ ':status': 200, 'content-type': 'application/json' }, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '1' }));
        stream.end(BODY);
      });
    });
    await using link = await http2ProxyTo(callee.port);
    const caller = link.dial();
    let isDone = false;
    const toggled = (async () => {
      for (let round = 0; !isDone; round++) {
        const chosen = FAULTS.filter(() => roll(5) === 0);
        link.proxy.setFaults(
          chosen.map((fault, i) => activeFault({ match: { path: '/hit' }, ...fault, id: `${round}.${i}`, percentage: 70, seed })),
        );
        await wait(roll(15));
      }
      link.proxy.setFaults([]);
    })();
    let asked = 0;
    const free: Answer[] = [];
    const ask = async (): Promise<void> => {
      while (asked < REQUESTS) {
        asked += 1;
        const isFree = asked % 2 === 0;
        const answer = await caller.ask(
          { ':method': 'POST', ':path': isFree ? '/free' : '/hit', 'content-type': 'application/json' },
          BODY,
        );
        if (isFree) free.push(answer);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, ask));
    isDone = true;
    await toggled;
    const bad = free.filter(
      ({ status, body, code, trailers }) => status !== 200 || body !== BODY || code !== 0 || trailers?.['x-sum'] !== '1',
    );
    expect(bad, `seed ${seed}`).toEqual([]);
    expect(free).toHaveLength(REQUESTS / 2);
    const own = (): number => link.exchanges.filter(({ isCopy }) => isCopy === undefined).length;
    await until('all are recorded', () => own() === REQUESTS);
    // Or nothing has been shown.
    const kinds = new Set(link.exchanges.map(({ status = 0, end, grpcStatus = '' }) => `${status} ${end} ${grpcStatus}`));
    expect(link.exchanges.filter(({ applied = [] }) => applied.length > 0).length, `seed ${seed}`).toBeGreaterThan(REQUESTS / 10);
    expect(kinds.size, [...kinds].join()).toBeGreaterThan(4);
    expect(callee.sessions, `seed ${seed}`).toHaveLength(1);
    expect(link.proxy.stats()).toMatchObject({ connections: 1, heldBytes: 0 });
    await until('the callee has nothing open', () => callee.requests.every(({ code }) => code !== undefined));
  }, 120_000);
});
