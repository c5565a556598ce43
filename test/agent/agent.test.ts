import { describe, expect, it } from 'vitest';
import { hostClock, sleep } from '../../src/core/clock.js';
import { EtcdClient } from '../../src/etcd/client.js';
import { fleetKeys } from '../../src/orchestrator/fleet/keys.js';
import { abort, fleetPlan, LEASE_MS, memberOf, prepareRun, startAgent, TWO_ZONES } from '../support/agents.js';
import { hasEtcd, startEtcd } from '../support/etcd.js';
import { edited } from '../support/experiment.js';
import { forThisTest } from '../support/for-this-test.js';
import { until } from '../support/until.js';

/** Beyond the lease, for a machine with other things to do. */
const MARGIN_MS = 5_000;

async function twoZones() {
  const server = await startEtcd();
  const [a, b] = [await startAgent(server, 'a', { zone: 'a' }), await startAgent(server, 'b', { zone: 'b' })];
  return { server, a, b };
}

describe.skipIf(!hasEtcd())('a fleet', () => {
  it('carries each link beside its caller, starts a fault everywhere at one instant, and ends it everywhere', async () => {
    const { server, a, b } = await twoZones();
    const run = prepareRun(server);
    await run.begin('r1');
    expect(a.daemon.proxies().map(({ name }) => name)).toEqual([
      'front-1->back-1',
      'front-1->back-2',
      'front-2->back-1',
      'front-2->back-2',
    ]);
    expect(b.daemon.proxies()).toHaveLength(4);
    await run.driver.inject([abort('r1/f', ['front-1->back-1', 'back-2->front-1'])]);
    expect([a, b].map(({ daemon }) => daemon.faults().map(({ id, proxies }) => [id, proxies]))).toEqual([
      [['r1/f', ['front-1->back-1']]],
      [['r1/f', ['back-2->front-1']]],
    ]);
    expect(run.notes).toEqual([expect.stringMatching(/^r1\/f began on 2 hosts within [\d.]+ ms, by clocks that are known to 0\.0 ms$/)]);
    expect(await run.driver.active()).toEqual([{ id: 'r1/f' }]);
    await run.driver.heal();
    expect([...a.daemon.faults(), ...b.daemon.faults(), ...(await run.driver.active())]).toEqual([]);
  });

  it('tells a fault on many hosts as one, with the counts of all', async () => {
    const { server } = await twoZones();
    const run = prepareRun(server);
    await run.begin('r1');
    await run.driver.inject([abort('r1/f', ['front-1->back-1', 'back-2->front-1'], { duration: '300ms' })]);
    const changes: string[] = [];
    let after = 0;
    await until(async () => {
      const page = await run.driver.observations({ after, waitMs: 200, signal: new AbortController().signal });
      after = page.next;
      for (const one of page.observations) if (one.kind === 'fault') changes.push(one.change);
      return changes.includes('duration');
    });
    await run.driver.settle();
    expect(changes).toEqual(['applied', 'duration']);
    expect(run.membership.intake.streams().map(({ hasEnded, lost }) => [hasEnded, lost])).toEqual([
      [true, 0],
      [true, 0],
    ]);
  });

  it('puts nothing on anywhere where one host refuses it', async () => {
    const { server, a, b } = await twoZones();
    const run = prepareRun(server);
    await run.begin('r1');
    const refused = run.driver.inject([abort('r1/f', ['front-1->back-1', 'back-2->front-1'], { type: 'delay', value: { delay: 'long' } })]);
    await expect(refused).rejects.toMatchObject({ code: 'FAULT_INVALID' });
    expect([...a.daemon.faults(), ...b.daemon.faults()]).toEqual([]);
  });

  it('heals within the lease when nobody renews it, and obeys that run no more', async () => {
    const { server, a, b } = await twoZones();
    const run = prepareRun(server);
    await run.begin('r1');
    await run.driver.inject([abort('r1/f', ['front-1->back-1', 'back-2->front-1'])]);
    run.die();
    const diedMs = hostClock.nowMs();
    await until(() => a.daemon.faults().length + b.daemon.faults().length === 0);
    expect(hostClock.nowMs() - diedMs).toBeLessThan(LEASE_MS + MARGIN_MS);
    const client = forThisTest(new EtcdClient({ clock: hostClock, endpoints: [server.url] }));
    await until(async () => (await client.read({ key: fleetKeys('local').run('r1') })).entries.length === 0);
    await expect(run.driver.renew()).rejects.toMatchObject({ code: 'CLAIM_LOST' });
    const late = run.membership.desk.order(run.membership.roster.members, () => {});
    await expect(late).rejects.toMatchObject({ code: 'CLAIM_LOST' });
    await run.driver.heal();
    expect(await run.driver.active()).toEqual([]);
    expect(a.daemon.faults()).toEqual([]);
    // The agents are free again, also for links of the same names.
    const next = prepareRun(server);
    await next.begin('r2');
    await next.driver.inject([abort('r2/f', ['front-1->back-1'])]);
    expect(a.daemon.faults().map(({ id }) => id)).toEqual(['r2/f']);
  });

  it('heals by itself where etcd is silent, each host by its own deadline', async () => {
    const { server, a, b } = await twoZones();
    const run = prepareRun(server);
    await run.begin('r1');
    await run.driver.inject([abort('r1/f', ['front-1->back-1', 'back-2->front-1'])]);
    process.kill(server.pid, 'SIGSTOP');
    const silentMs = hostClock.nowMs();
    try {
      await until(() => a.daemon.faults().length + b.daemon.faults().length === 0);
    } finally {
      process.kill(server.pid, 'SIGCONT');
    }
    expect(hostClock.nowMs() - silentMs).toBeLessThan(LEASE_MS + MARGIN_MS);
    expect([a.lines, b.lines].map((lines) => lines.filter((line) => line.startsWith('healed')))).toEqual([
      ['healed: unproven'],
      ['healed: unproven'],
    ]);
  });

  it('is halted by the lever in etcd without any run, and takes no new one until it is lifted', async () => {
    const { server, a } = await twoZones();
    const client = forThisTest(new EtcdClient({ clock: hostClock, endpoints: [server.url] }));
    const { halt } = fleetKeys('local');
    const run = prepareRun(server);
    await run.begin('r1');
    await run.driver.inject([abort('r1/f', ['front-1->back-1'])]);
    await client.txn({ ops: [{ op: 'put', key: halt, value: JSON.stringify({ reason: 'enough', since: 'now' }) }] });
    await until(() => a.daemon.faults().length === 0);
    await until(() => run.failures.some((error) => (error as { code?: string }).code === 'HALTED'));
    await run[Symbol.asyncDispose]();
    await expect(prepareRun(server).begin('r2')).rejects.toMatchObject({ code: 'HALTED', details: { reason: 'enough' } });
    await client.txn({ ops: [{ op: 'delete', key: halt }] });
    await prepareRun(server).begin('r3');
  });

  it('lets no two runs have the same agent: the second is refused, or waits for the first to end', async () => {
    const { server, a } = await twoZones();
    const first = prepareRun(server);
    await first.begin('r1');
    await expect(prepareRun(server).begin('r2')).rejects.toMatchObject({ code: 'AGENT_HELD', details: { agent: 'a', run: 'r1' } });
    const queued = prepareRun(server, { queueForMs: 30_000 });
    const begun = queued.begin('r3');
    await sleep(hostClock, 300);
    await first[Symbol.asyncDispose]();
    await begun;
    expect(a.lines.filter((line) => line.startsWith('run'))).toEqual(['run r1 begins here', 'run r3 begins here']);
  });

  it('chooses anew where an agent has gone while a run waited for it', async () => {
    const { server, b } = await twoZones();
    const first = prepareRun(server);
    await first.begin('r1');
    const queued = prepareRun(server, { queueForMs: 30_000 });
    const begun = queued.begin('r2');
    await sleep(hostClock, 300);
    await b.agent[Symbol.asyncDispose]();
    await startAgent(server, 'c', { zone: 'b' });
    await first[Symbol.asyncDispose]();
    await begun;
    expect(queued.membership.roster.members.map(({ name, lost }) => [name, lost])).toEqual([
      ['a', undefined],
      ['c', undefined],
    ]);
  });

  it('starts clean on a host that was started anew, which the run loses and does not use again', async () => {
    const { server, a, b } = await twoZones();
    const run = prepareRun(server, { onAgentLoss: 'continue' });
    await run.begin('r1');
    await run.driver.inject([abort('r1/f', ['front-1->back-1', 'back-2->front-1'])]);
    await a.agent[Symbol.asyncDispose]();
    const again = await startAgent(server, 'a', { zone: 'a' });
    await until(() => memberOf(run, 'a').lost);
    await run.driver.inject([abort('r1/g', ['back-1->front-1', 'front-2->back-1'])]);
    expect(again.daemon.proxies()).toEqual([]);
    expect(b.daemon.faults().map(({ id }) => id)).toEqual(['r1/f', 'r1/g']);
    expect(run.notes.some((note) => note.startsWith('agent a cannot be followed any more'))).toBe(true);
  });

  it('ends the run where an agent is lost and the plan says so', async () => {
    const { server, a } = await twoZones();
    const run = prepareRun(server);
    await run.begin('r1');
    await a.agent[Symbol.asyncDispose]();
    await until(() => run.failures.some((error) => (error as { code?: string }).code === 'AGENT_LOST'));
    await expect(run.driver.renew()).rejects.toMatchObject({ code: 'AGENT_LOST' });
  });

  it('refuses a plan that would cut the way by which it is steered, and one that wants agents that there are not', async () => {
    const { server } = await twoZones();
    const place = new URL(server.url).host;
    const cut = '{name: cut, fault: {type: partition, target: {from: front, to: back/back-1}, duration: 1s}}';
    const text = edited(edited(TWO_ZONES, '{name: rest, wait: 1s}', cut), '127.0.0.1:9003', place);
    await expect(prepareRun(server, { plan: fleetPlan(text) }).begin('r1')).rejects.toMatchObject({
      code: 'CONTROL_PATH',
      details: { step: 'cut', target: 'back-1' },
    });
    const nowhere = fleetPlan(edited(TWO_ZONES, '{zone: b}', '{zone: c}'));
    await expect(prepareRun(server, { plan: nowhere }).begin('r1')).rejects.toMatchObject({ code: 'AGENTS_MISSING' });
  });
});
