import { describe, expect, it } from 'vitest';
import { hostClock } from '../../../src/core/clock.js';
import { PaymentsPool } from '../../../src/lab/shop/payments-pool.js';
import { startPeers } from '../../support/lab-peers.js';

/** So many payments by a caller with these defences, at five hosts with these answers; and how often each host was asked. */
async function pay(count: number, statuses: readonly number[], defences: { ejection: boolean; restraint: boolean }, atOnce = 10) {
  await using hosts = await startPeers(statuses);
  const events: unknown[] = [];
  await using pool = new PaymentsPool({
    ...defences,
    name: 'co-1',
    hosts: hosts.peers.map(({ address }) => address) as [(typeof hosts.peers)[0]['address']],
    clock: hostClock,
    log: (event) => events.push(event['event']),
  });
  const answers: number[] = [];
  for (let done = 0; done < count; done += atOnce) {
    const payment = (i: number) => ({ path: `/pay/${i}`, body: Buffer.from('{}'), contentType: 'application/json', requestId: `${i}` });
    const batch = Array.from({ length: Math.min(atOnce, count - done) }, (_, i) => pool.pay(payment(done + i)));
    answers.push(...(await Promise.all(batch)).map(({ status }) => status));
  }
  return { asked: hosts.peers.map(({ requests }) => requests.length), answers, events };
}

const ONE_BAD = [503, 200, 200, 200, 200];
const ALL_BAD = [503, 503, 503, 503, 503];

describe('the way to many payments', () => {
  it('leads past a host that fails five times in a row, and tries again elsewhere what it has lost', async () => {
    const { asked, answers, events } = await pay(100, ONE_BAD, { ejection: true, restraint: true });
    expect(events).toContain('ejected');
    expect(asked[0]).toBeLessThan(20);
    expect(answers.filter((status) => status !== 200)).toEqual([]);
  });

  it('leads there for ever without ejection', async () => {
    const { asked, events } = await pay(100, ONE_BAD, { ejection: false, restraint: true });
    expect(events).toEqual([]);
    expect(asked[0]).toBeGreaterThanOrEqual(20);
  });

  it('is not tried again beyond the budget, and no call more than three times', async () => {
    const { asked } = await pay(100, ALL_BAD, { ejection: false, restraint: true }, 100);
    const retries = asked.reduce((sum, count) => sum + count, 0) - 100;
    // Ten were saved up, and each call earns a fifth of one.
    expect(retries).toBeGreaterThan(10);
    expect(retries).toBeLessThanOrEqual(30);
  });

  it('is tried ten times on the same host without restraint', async () => {
    const { asked } = await pay(5, ALL_BAD, { ejection: false, restraint: false }, 1);
    expect(asked).toEqual([10, 10, 10, 10, 10]);
  });
});
