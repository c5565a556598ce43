/** Partitions across the hosts of a fleet: each host cuts the links that it carries, those of its own callers, and together they are the shape. */
import { describe, expect, it } from 'vitest';
import { fleetPlan, prepareRun, startAgent } from '../support/agents.js';
import { hasEtcd, startEtcd } from '../support/etcd.js';

const HOSTS = ['a', 'b', 'c', 'd', 'e'];
/** Five peers, each on a host of its own; nothing of it has to run, for nobody sends a request. */
const plan = (fault: string) =>
  fleetPlan(`
apiVersion: faultlab/v1
kind: Experiment
metadata: {name: peers}
seed: 3
topology:
  proxies: {driver: fleet}
  services:
    db:
      protocol: http
      instances: [${HOSTS.map((host, i) => `{name: db-${i + 1}, address: "127.0.0.1:900${i}", agents: {name: ${host}}, labels: {zone: ${i < 2 ? 'x' : 'y'}}}`).join(', ')}]
  links: [{from: db, to: db}]
stopConditions: [none]
method: [{name: cut, fault: {type: partition, ${fault}, duration: 60s}}]
`);

/** `1>2`: what db-1 asks of db-2. */
const short = (link: string): string => link.replaceAll('db-', '').replace('->', '>');

describe.skipIf(!hasEtcd())('a partition across hosts', { timeout: 120_000 }, () => {
  it.each([
    [
      'of a zone, one way',
      'target: {from: {service: db, labels: {zone: x}}, to: {service: db, labels: {zone: y}}}',
      ['1>3', '1>4', '1>5', '2>3', '2>4', '2>5'],
    ],
    ['of one member', 'among: db, shape: one, select: db/db-2', ['1>2', '2>1', '2>3', '2>4', '2>5', '3>2', '4>2', '5>2']],
    ['of a grudge, whose requests alone do not get through', 'among: db, shape: grudge, grudge: {db-1: [db-4]}, unit: request', ['4>1']],
    [
      'of a majority from the others',
      'among: db, shape: majority, select: [db/db-1, db/db-2, db/db-3]',
      ['1>4', '1>5', '2>4', '2>5', '3>4', '3>5', '4>1', '4>2', '4>3', '5>1', '5>2', '5>3'],
    ],
    ['by a bridge', 'among: db, shape: bridge, select: db/db-3', undefined],
  ])('%s is cut by the hosts of its callers, and by nobody else', async (_, fault, expected) => {
    const server = await startEtcd();
    const agents = await Promise.all(HOSTS.map((host) => startAgent(server, host)));
    const wanted = plan(fault);
    const run = prepareRun(server, { plan: wanted });
    await run.begin('r1');
    const planned = wanted.steps[0]?.fault;
    if (planned === undefined) throw new Error('the plan has one step, and it is a fault');
    const { spec, links } = planned;
    if (expected === undefined) expect(links.length).toBeGreaterThan(4);
    else expect(links.map(short).sort()).toEqual(expected);
    await run.driver.inject([{ ...spec, id: 'r1/cut', proxies: [...links] }]);
    const cut = agents.map(({ daemon }) =>
      daemon
        .faults()
        .flatMap(({ proxies }) => proxies.map(short))
        .sort(),
    );
    for (const [i, of] of cut.entries())
      expect(of).toEqual(
        links
          .map(short)
          .filter((link) => link.startsWith(`${i + 1}>`))
          .sort(),
      );
    expect(cut.flat()).toHaveLength(links.length);
    await run.driver.heal();
    expect(agents.flatMap(({ daemon }) => daemon.faults())).toEqual([]);
  });
});
